import { INITIAL_CARRIED } from '@bellwether/models';
import type { Deployment, Step } from '../domain/deployment.js';
import type { Watch, WatchKind } from '../domain/watch.js';
import type { Transaction } from '../store/port.js';
import type { AppContext } from './context.js';

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
  const { policy } = deployment;
  const kind: WatchKind = deployment.rollbackOf === undefined ? 'step' : 'recovery';
  const watch: Watch = {
    id: ctx.newId(),
    deploymentId: deployment.id,
    stepIndex: step.index,
    kind,
    state: 'watching',
    changeAtMs: step.startedAtMs,
    intervalMs: policy.intervalMs,
    settleMs: policy.settleMs,
    plannedLooks: Math.max(1, Math.round(policy.watchMs / policy.intervalMs)),
    firstLook: 1,
    lastLook: 0,
    alpha: stepAlpha(deployment, step.index),
    carried: INITIAL_CARRIED,
    startedAtMs: ctx.clock(),
    revision: 1,
  };
  await tx.insertWatch(watch);
  return watch;
}
