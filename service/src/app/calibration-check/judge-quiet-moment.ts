import { ENGINE_VERSION, type Assessment } from '@bellwether/models';
import type { Deployment } from '../../domain/deployment.js';
import type { FreshCheck, FreshOutcome } from '../../domain/fresh-check.js';
import type { Watch } from '../../domain/watch.js';
import type { Engine } from '../../engine/port.js';
import type { AppContext } from '../context.js';
import { historyBounds } from '../window/history-bounds.js';
import { openLiveWindow } from '../window/live-window.js';
import { imagineRelease, NOBODY } from './imagined-release.js';

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
  const { deployment, step, watch, snapshot } = await imagineRelease(ctx, newest, momentMs);
  const live = await openLiveWindow(ctx.sources, deployment, step, watch).upTo(watch.plannedLooks, {
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
