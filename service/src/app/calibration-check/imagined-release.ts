import type { Snapshot } from '@bellwether/models';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { Watch } from '../../domain/watch.js';
import type { AppContext } from '../context.js';
import { baselineOf } from '../evaluate/baseline.js';
import { tuningFor } from '../feedback/tuning-for.js';
import { placeKey } from '../learned/place-key.js';
import { timesOf } from '../open-watch.js';
import { takeSnapshot } from '../window/take-snapshot.js';

/** Name of the release that never was, where one is needed. */
export const NOBODY = 'fresh-check';

/** A release that never was, with the past that it would have been judged by. */
export interface ImaginedRelease {
  readonly deployment: Deployment;
  readonly step: Step;
  readonly watch: Watch;
  readonly snapshot: Snapshot;
}

/**
 * The newest release as it would be if the same version had been deployed again, all at once, at a quiet moment.
 * @throws SourceError that is retryable
 */
export async function imagineRelease(
  ctx: AppContext,
  newest: Deployment,
  momentMs: number,
): Promise<ImaginedRelease> {
  const deployment = imagined(newest, momentMs);
  const step: Step = { deploymentId: NOBODY, index: 0, name: 'full', startedAtMs: momentMs };
  const watch = await watchOver(ctx, deployment);
  const baseline = await baselineOf(ctx.store, deployment);
  const snapshot = await takeSnapshot({
    sources: ctx.sources,
    deployment,
    step,
    watch,
    learned: ctx.learned?.inUse(placeKey(newest)),
    ...baseline,
  });
  return { deployment, step, watch, snapshot };
}

function imagined(newest: Deployment, momentMs: number): Deployment {
  const { rollbackOf, discovery, finishedAtMs, ...rest } = newest;
  return {
    ...rest,
    id: NOBODY,
    strategy: 'all-at-once',
    plannedSteps: [{ name: 'full' }],
    policy: { ...newest.policy, spending: 'equal' },
    startedAtMs: momentMs,
  };
}

async function watchOver(ctx: AppContext, deployment: Deployment): Promise<Watch> {
  const tuning = await tuningFor(ctx.store, deployment);
  return {
    id: NOBODY,
    deploymentId: NOBODY,
    stepIndex: 0,
    kind: 'step',
    ...timesOf(deployment.policy),
    changeAtMs: deployment.startedAtMs,
    alpha: deployment.policy.alpha,
    ...(tuning === undefined ? {} : { tuning }),
    startedAtMs: ctx.clock(),
  };
}
