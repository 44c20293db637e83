import { ENGINE_VERSION, type Assessment } from '@bellwether/models';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { FreshCheck, FreshOutcome } from '../../domain/fresh-check.js';
import type { Watch } from '../../domain/watch.js';
import type { Engine } from '../../engine/port.js';
import type { AppContext } from '../context.js';
import { baselineOf } from '../evaluate/baseline.js';
import { tuningFor } from '../feedback/tuning-for.js';
import { timesOf } from '../open-watch.js';
import { historyBounds } from '../window/history-bounds.js';
import { openLiveWindow } from '../window/live-window.js';
import { takeSnapshot } from '../window/take-snapshot.js';

/** Name of the release that never was, where one is needed. */
const NOBODY = 'fresh-check';

/** The newest release as it would be if the same version had been deployed again, all at once, at that moment. */
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

/**
 * Judges a quiet moment with the pipeline that judges releases: the same history, calibration, tuning and looks. The moment lies behind
 * everything that calibrates it.
 *
 * @param engine of its own, so that no look at a release waits for it
 * @throws SourceError, or what the engine throws; nothing is learned then
 */
export async function judgeQuietMoment(
  ctx: AppContext,
  engine: Engine,
  newest: Deployment,
  momentMs: number,
): Promise<FreshCheck> {
  const deployment = imagined(newest, momentMs);
  const step: Step = { deploymentId: NOBODY, index: 0, name: 'full', startedAtMs: momentMs };
  const watch = await watchOver(ctx, deployment);
  const { sources } = ctx;
  const baseline = await baselineOf(ctx.store, deployment);
  const snapshot = await takeSnapshot({ sources, deployment, step, watch, ...baseline });
  const live = await openLiveWindow(sources, deployment, step, watch).upTo(watch.plannedLooks, {
    bounds: historyBounds(snapshot.metrics),
  });
  try {
    const summary = await engine.calibrate(NOBODY, snapshot);
    const last = await lookByLook(watch, (look, carried) => engine.assess(NOBODY, live, look, carried));
    const { project, service, environment, policy } = deployment;
    const outcome = outcomeOf(last);
    return {
      ...{ project, service, environment, momentMs, outcome },
      checkedAtMs: ctx.clock(),
      alpha: watch.alpha,
      p: last.p,
      ...(outcome === 'rolled-back' ? { look: last.look } : {}),
      guarantee: summary.guarantee,
      policy: policy.name,
      engineVersion: ENGINE_VERSION,
      ...(outcome === 'quiet' || last.reasons[0] === undefined ? {} : { reason: last.reasons[0].text }),
    };
  } finally {
    engine.release(NOBODY);
  }
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

/** Every look up to a rollback; what an early `continue` lets go on is watched to its end too. @returns the last assessment */
async function lookByLook(
  watch: Watch,
  assess: (look: number, carried: Watch['carried']) => Promise<Assessment>,
): Promise<Assessment> {
  let last = await assess(1, watch.carried);
  for (let look = 2; look <= watch.plannedLooks && last.value !== 'rollback'; look++)
    last = await assess(look, last.carried);
  return last;
}

function outcomeOf({ value, rule, guarantee }: Assessment): FreshOutcome {
  if (rule === 'guard-rail') return 'guard-rail';
  if (guarantee === 'none' || value === 'inconclusive') return 'not-judged';
  return value === 'rollback' ? 'rolled-back' : 'quiet';
}
