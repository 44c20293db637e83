import { setImmediate as others } from 'node:timers/promises';
import type { Deployment, Place } from '../../domain/deployment.js';
import type { CheckStanding, FreshCheck, FreshOutcome } from '../../domain/fresh-check.js';
import type { Engine } from '../../engine/port.js';
import type { AppContext } from '../context.js';
import { baselineOf } from '../evaluate/baseline.js';
import { timesOf } from '../open-watch.js';
import { judgeQuietMoment } from './judge-quiet-moment.js';
import { quietMoment } from './quiet-moment.js';
import { recordFreshCheck } from './record-fresh-check.js';
import { standingOf } from './standing-of.js';

/** How often it is asked whether a check is due. */
const SWEEP_EVERY_MS = 60_000;
/** A service to which nothing was deployed for so long is not checked any more. */
const LIVING_MS = 90 * 86_400_000;
/** Services that are checked at most: their standings are metrics with a label each. */
const MOST_PLACES = 1_000;
/** Looked at in one sweep, so that many services never hold the store up. */
const PLACES_A_SWEEP = 20;
/** A place without a quiet moment is looked at again after so long. */
const RETRY_MS = 600_000;

/** Checks the error rate on fresh quiet moments, one at a time and behind everything else. */
export interface FreshCheckScheduler {
  start(): void;
  /** Judges at most one quiet moment, of the place that waits longest. @returns what came of it; undefined when none is due */
  sweep(): Promise<FreshOutcome | undefined>;
  /** Lets the check in progress finish its question. */
  stop(): Promise<void>;
}

export interface FreshCheckOptions {
  /** A service is checked at most once in so much time. */
  readonly everyMs: number;
  /** An engine for one check, closed after it: it holds nobody up, and keeps no memory in between. */
  readonly openEngine: () => Engine;
  /** Whether looks at releases are late: then there is no time for this. */
  readonly isBusy: () => boolean;
  /** Draws from [0, 1). */
  readonly random: () => number;
  readonly telemetry: FreshCheckTelemetry;
}

export interface FreshCheckTelemetry {
  checked(outcome: FreshOutcome | 'failed'): void;
  stands(place: Place, standing: CheckStanding): void;
  /** A place lives no more: what it stood at says nothing of today. */
  gone(place: Place): void;
}

export function createFreshCheckScheduler(ctx: AppContext, options: FreshCheckOptions): FreshCheckScheduler {
  const { everyMs, isBusy, random } = options;
  const telemetry = ofTheLiving(options.telemetry);
  /** When a place is looked at again, by place; absent: at once. */
  const nextTryMs = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<unknown> | undefined;
  let telling: Promise<void> | undefined;
  let engine: Engine | undefined;
  let stopped = false;

  /** Reads off the newest check that is kept whether one is due, so that a restart is no reason to check again. */
  const momentOf = async (place: Place): Promise<Chosen | undefined> => {
    const nowMs = ctx.clock();
    const [last] = await ctx.store.freshChecks(place);
    const dueAtMs = last === undefined ? nowMs : last.checkedAtMs + everyMs;
    const chosen = dueAtMs > nowMs ? undefined : await chooseMoment(ctx, place, everyMs, last, random());
    const retryMs = nowMs + (chosen === undefined ? Math.min(everyMs, RETRY_MS) : everyMs);
    nextTryMs.set(keyOf(place), dueAtMs > nowMs ? dueAtMs : retryMs);
    return chosen;
  };

  const check = async (place: Place, { newest, momentMs }: Chosen): Promise<FreshOutcome> => {
    engine = options.openEngine();
    try {
      const made = await judgeQuietMoment(ctx, engine, newest, momentMs);
      const standing = await recordFreshCheck(ctx, made);
      telemetry.checked(made.outcome);
      telemetry.stands(place, standing);
      return made.outcome;
    } finally {
      await engine.close();
      engine = undefined;
    }
  };

  const sweep = async (): Promise<FreshOutcome | undefined> => {
    if (isBusy()) return undefined;
    const tryAt = (place: Place): number => nextTryMs.get(keyOf(place)) ?? 0;
    const living = await livingPlaces(ctx);
    telemetry.keepOnly(living);
    const places = living.filter((place) => tryAt(place) <= ctx.clock());
    for (const place of places.toSorted((a, b) => tryAt(a) - tryAt(b)).slice(0, PLACES_A_SWEEP)) {
      await others();
      const chosen = stopped ? undefined : await momentOf(place);
      if (chosen !== undefined) return check(place, chosen);
    }
    return undefined;
  };

  /** Failures are the sources' or the store's, which complain by themselves; the place is tried again when it is due next. */
  const sweepAlone = (): void => {
    if (working !== undefined || stopped) return;
    working = sweep()
      .catch((error: unknown) => {
        if (stopped) return;
        telemetry.checked('failed');
        ctx.log.info({ err: error }, 'a quiet moment could not be judged; it is tried again later');
      })
      .finally(() => (working = undefined));
  };

  return {
    start() {
      telling = tellStandings(ctx, telemetry, () => stopped);
      timer ??= setInterval(sweepAlone, SWEEP_EVERY_MS).unref();
    },
    sweep,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await engine?.close();
      await Promise.all([working, telling]);
    },
  };
}

/** The same telemetry, which forgets the standings of places that live no more. */
function ofTheLiving(telemetry: FreshCheckTelemetry) {
  const told = new Map<string, Place>();
  return {
    checked: (outcome: FreshOutcome | 'failed') => {
      telemetry.checked(outcome);
    },
    stands: (place: Place, standing: CheckStanding) => {
      told.set(keyOf(place), place);
      telemetry.stands(place, standing);
    },
    keepOnly: (living: readonly Place[]) => {
      const kept = new Set(living.map(keyOf));
      for (const [key, place] of told) {
        if (kept.has(key)) continue;
        told.delete(key);
        telemetry.gone(place);
      }
    },
  };
}

function keyOf({ project, service, environment }: Place): string {
  return JSON.stringify([project, service, environment]);
}

async function livingPlaces(ctx: AppContext): Promise<readonly Place[]> {
  return (await ctx.store.places({ sinceMs: ctx.clock() - LIVING_MS })).slice(0, MOST_PLACES);
}

interface Chosen {
  readonly newest: Deployment;
  readonly momentMs: number;
}

/** A quiet moment since the newest release of a place. */
async function chooseMoment(
  ctx: AppContext,
  { project, service, environment }: Place,
  everyMs: number,
  last: FreshCheck | undefined,
  share: number,
): Promise<Chosen | undefined> {
  const [newest] = (await ctx.store.deployments({ project, service, environment, limit: 1 })).items;
  if (newest === undefined || newest.state === 'rolling-back') return undefined;
  const { rollbackOf, ...now } = { ...newest, id: '', startedAtMs: ctx.clock() };
  const { excludedMs } = await baselineOf(ctx.store, now);
  const momentMs = quietMoment(
    {
      nowMs: now.startedAtMs,
      quietSinceMs: Math.max(newest.startedAtMs, ...excludedMs.map(([, toMs]) => toMs)),
      ...timesOf(newest.policy),
      ...(last === undefined ? {} : { lastMomentMs: last.momentMs }),
      everyMs,
    },
    share,
  );
  return momentMs === undefined ? undefined : { newest, momentMs };
}

/** What earlier runs of this service found. */
async function tellStandings(
  ctx: AppContext,
  telemetry: Pick<FreshCheckTelemetry, 'stands'>,
  isStopped: () => boolean,
): Promise<void> {
  try {
    for (const place of await livingPlaces(ctx)) {
      // Reading from the store waits for nothing outside of this process: without this, a thousand places take seconds in one piece.
      await others();
      if (isStopped()) return;
      const checks = await ctx.store.freshChecks(place);
      const [newest] = checks;
      if (newest !== undefined) telemetry.stands(place, standingOf(checks, newest.alpha));
    }
  } catch (error) {
    ctx.log.warn({ err: error }, 'how well services are calibrated could not be read');
  }
}
