import { deploymentTransitions } from '../domain/deployment-machine.js';
import type { Deployment, Step } from '../domain/deployment.js';
import { next } from '../domain/state-machine.js';
import { priorFor } from '../domain/tuning.js';
import type { Transaction } from '../store/port.js';
import { announce } from './announce.js';
import { audit } from './audit-trail.js';
import { refuseWhileHeld } from './collaborate/refuse-while-held.js';
import type { AppContext } from './context.js';
import { closeWatches, endWatches } from './end-watches.js';
import { standingsAt } from './evaluate/gate-inputs.js';
import { openWatch } from './open-watch.js';
import { permittedDeployment } from './permit.js';
import { deploymentEvent } from './start-deployment.js';
import { AppError, type Caller } from './use-cases.js';
import { unjudged, writeVerdict } from './write-verdict.js';

export interface NextStep {
  readonly name?: string;
  readonly trafficShare?: number;
  readonly startedAtMs?: number;
}

/**
 * The deployment moves to its next step: the step before ends, with its watch, and a new watch begins. The release is `pending`
 * again from that moment: what the step before was told holds for that step only.
 * @throws AppError `conflict` after `rollback`, which latches, and while a required check stands failed: only an override goes over them
 */
export async function beginStep(
  ctx: AppContext,
  caller: Caller,
  id: string,
  request: NextStep,
): Promise<Step> {
  await permittedDeployment(ctx.store, caller, 'deploy', id);
  const { step, verdict } = await ctx.store.transaction(async (tx) => {
    const deployment = await running(tx, id, 'step');
    await refuseAfterRollback(tx, id);
    await refuseWhileHeld(ctx, tx, id);
    const last = (await tx.steps(id)).at(-1);
    if (last !== undefined) await refuseAfterFailedCheck(ctx, tx, deployment, last.index);
    const startedAtMs = request.startedAtMs ?? ctx.clock();
    if (last !== undefined && startedAtMs <= last.startedAtMs)
      throw new AppError('invalid', 'a step must start after the one before it', {
        field: '/startedAt',
        remedy: 'check the clock, or leave "startedAt" out',
      });
    const index = (last?.index ?? -1) + 1;
    const begun = plannedStep(deployment, index, request, startedAtMs);
    if (last !== undefined) await tx.endStep(id, last.index, startedAtMs);
    await closeWatches(ctx, tx, deployment, 'supersede');
    await tx.insertStep(begun);
    const watch = await openWatch(ctx, tx, deployment, begun);
    await tx.updateDeployment({ ...deployment, revision: deployment.revision + 1 });
    await audit(ctx, tx, caller, 'deployment.step', deployment, { step: begun.name, index });
    const reason = { code: 'next-step', text: `step "${begun.name}" began` };
    const pending = unjudged(
      'pending',
      'watching',
      watch,
      priorFor(deployment.policy, watch),
      startedAtMs,
      reason,
    );
    return { step: begun, verdict: await writeVerdict(ctx, tx, deployment, pending, caller) };
  });
  ctx.feed.publish(verdict);
  ctx.wake('watches');
  ctx.wake('outbox');
  return step;
}

async function refuseAfterRollback(tx: Transaction, id: string): Promise<void> {
  if ((await tx.latestVerdict(id))?.value !== 'rollback') return;
  throw new AppError('conflict', 'the verdict is rollback, and it stands', {
    remedy: 'roll back, or have an operator override it with a reason (POST …/continue)',
  });
}

/** A step is not begun over a failure; what is only missing is still asked for there. */
async function refuseAfterFailedCheck(
  ctx: AppContext,
  tx: Transaction,
  deployment: Deployment,
  stepIndex: number,
): Promise<void> {
  if ((await tx.latestVerdict(deployment.id))?.rule === 'override') return;
  const standings = await standingsAt(tx, deployment, stepIndex, ctx.clock());
  const failed = standings.find(({ standing }) => standing === 'failed');
  if (failed === undefined) return;
  throw new AppError('conflict', `the required check "${failed.name}" failed`, {
    remedy:
      'run it again and report that it passed, or have an operator override it with a reason (POST …/continue)',
  });
}

function plannedStep(deployment: Deployment, index: number, request: NextStep, startedAtMs: number): Step {
  const planned = deployment.plannedSteps[index];
  if (planned === undefined)
    throw new AppError('conflict', `all ${deployment.plannedSteps.length} planned steps have begun`, {
      remedy: 'plan every step when the deployment starts: the error budget is divided over them',
    });
  const trafficShare = request.trafficShare ?? planned.trafficShare;
  return {
    deploymentId: deployment.id,
    index,
    name: request.name ?? planned.name,
    ...(trafficShare === undefined ? {} : { trafficShare }),
    startedAtMs,
  };
}

/** The rollout itself is done; its watch goes on. */
export async function finishDeployment(ctx: AppContext, caller: Caller, id: string): Promise<Deployment> {
  await permittedDeployment(ctx.store, caller, 'deploy', id);
  const finished = await ctx.store.transaction(async (tx) => {
    const deployment = await running(tx, id, 'finish');
    const nowMs = ctx.clock();
    const moved: Deployment = {
      ...deployment,
      state: 'finished',
      finishedAtMs: nowMs,
      revision: deployment.revision + 1,
    };
    await tx.updateDeployment(moved);
    const last = (await tx.steps(id)).at(-1);
    if (last !== undefined && last.endedAtMs === undefined) await tx.endStep(id, last.index, nowMs);
    await audit(ctx, tx, caller, 'deployment.finish', moved, {});
    await announce(ctx, tx, 'deployment.finished', moved, deploymentEvent(moved));
    return moved;
  });
  ctx.wake('outbox');
  return finished;
}

/** The rollout was called off by whoever ran it. */
export async function cancelDeployment(
  ctx: AppContext,
  caller: Caller,
  id: string,
  reason?: string,
): Promise<Deployment> {
  await permittedDeployment(ctx.store, caller, 'deploy', id);
  const { cancelled, verdicts } = await ctx.store.transaction(async (tx) => {
    const deployment = await running(tx, id, 'cancel');
    const moved: Deployment = {
      ...deployment,
      state: 'cancelled',
      finishedAtMs: ctx.clock(),
      revision: deployment.revision + 1,
    };
    await tx.updateDeployment(moved);
    await audit(ctx, tx, caller, 'deployment.cancel', moved, { reason: reason ?? null });
    const ended = await endWatches(ctx, tx, moved, 'cancel', {
      code: 'cancelled',
      text: reason ?? 'the deployment was cancelled',
    });
    await announce(ctx, tx, 'deployment.cancelled', moved, deploymentEvent(moved));
    return { cancelled: moved, verdicts: ended };
  });
  verdicts.forEach((v) => ctx.feed.publish(v));
  ctx.wake('watches');
  ctx.wake('outbox');
  return cancelled;
}

/** The deployment as it is now, if it may still make this move. */
async function running(tx: Transaction, id: string, move: 'step' | 'finish' | 'cancel'): Promise<Deployment> {
  const deployment = await tx.deployment(id);
  if (deployment === undefined) throw new AppError('not-found', `there is no deployment "${id}"`);
  const allowed =
    move === 'step'
      ? deployment.state === 'running'
      : next(deploymentTransitions, deployment.state, move) !== undefined;
  if (!allowed)
    throw new AppError(
      'conflict',
      `a deployment that is ${deployment.state} can't ${move === 'step' ? 'begin a step' : move}`,
      { remedy: 'start a new deployment instead' },
    );
  return deployment;
}
