import { INITIAL_CARRIED } from '@bellwether/models';
import type { Deployment, Step } from '../domain/deployment.js';
import type { Policy } from '../domain/policy.js';
import type { Watch, WatchKind } from '../domain/watch.js';
import type { Transaction } from '../store/port.js';
import { calibrationDoubts } from './calibration-check/calibration-doubts.js';
import type { AppContext } from './context.js';
import { tuningFor } from './feedback/tuning-for.js';

/** Share of the release's α that a step may spend. */
export function stepAlpha(deployment: Deployment, stepIndex: number): number {
  const { alpha, spending } = deployment.policy;
  if (spending === 'equal') return alpha / deployment.plannedSteps.length;
  const total = spending.reduce((sum, share) => sum + share, 0);
  return (alpha * (spending[stepIndex] ?? 0)) / total;
}

/** Starts judging a step. */
export async function openWatch(
  ctx: AppContext,
  tx: Transaction,
  deployment: Deployment,
  step: Step,
): Promise<Watch> {
  const kind: WatchKind = deployment.rollbackOf === undefined ? 'step' : 'recovery';
  const tuning = await tuningFor(tx, deployment);
  const doubts = await calibrationDoubts(tx, deployment);
  const watch: Watch = {
    id: ctx.newId(),
    deploymentId: deployment.id,
    stepIndex: step.index,
    kind,
    ...timesOf(deployment.policy),
    changeAtMs: step.startedAtMs,
    alpha: stepAlpha(deployment, step.index),
    ...(tuning === undefined ? {} : { tuning }),
    ...(doubts.length === 0 ? {} : { doubts }),
    startedAtMs: ctx.clock(),
  };
  await tx.insertWatch(watch);
  return watch;
}

type Beginning =
  'state' | 'intervalMs' | 'settleMs' | 'plannedLooks' | 'firstLook' | 'lastLook' | 'carried' | 'revision';

/** What a watch begins with, by its policy. */
export function timesOf({ intervalMs, settleMs, watchMs }: Policy): Pick<Watch, Beginning> {
  return {
    state: 'watching',
    intervalMs,
    settleMs,
    plannedLooks: Math.max(1, Math.round(watchMs / intervalMs)),
    firstLook: 1,
    lastLook: 0,
    carried: INITIAL_CARRIED,
    revision: 1,
  };
}
