import type { CalibrationSummary, Snapshot } from '@bellwether/models';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { Evidence } from '../../domain/evidence.js';
import type { Watch } from '../../domain/watch.js';
import { attributeLook, type LookAttribution } from '../attribution/attribute-look.js';
import type { AppContext } from '../context.js';
import { decodeSnapshot, encodeSnapshot } from '../window/snapshot-codec.js';
import { historyBounds, type HistoryBounds } from '../window/history-bounds.js';
import { openLiveWindow, type LiveWindow } from '../window/live-window.js';
import type { ReadMetric } from '../window/read-metric.js';
import { takeSnapshot } from '../window/take-snapshot.js';
import { placeKey } from '../learned/place-key.js';
import { baselineOf } from './baseline.js';
import { commitLook, type LookResult } from './commit-look.js';
import { evidenceOf, plottedHistory } from './evidence-of.js';
import { judgeLook, verdictOf, type Judgement } from './judge-look.js';
import { passGate } from './pass-gate.js';
import { createPatience } from './patience.js';
import { recentHistory } from './recent-history.js';

/** Works on one watch; one call at a time. */
export interface WatchRunner {
  /** When the next piece of work is due (event time has settled), in ms since the epoch. */
  dueAtMs(): number;
  /**
   * Does what is due: takes the snapshot and replays the past once, then one look.
   * After the last look it waits at the gate for checks and for a hold to be lifted.
   * @returns what the look came to; `prepared` after the first call; `waiting` at the gate; `gone` when the watch has ended otherwise
   * @throws SourceError, StoreError, or what the engine throws; the look stays due
   */
  advance(): Promise<LookResult | 'prepared' | 'waiting' | 'gone'>;
  /** The newest evidence, also of looks that changed nothing. */
  evidence(): Evidence | undefined;
}

interface Prepared {
  readonly hash: string;
  /** Only as much history as the plots show: the engine has the rest, and many watches run at once. */
  readonly recent: Snapshot;
  readonly summary: CalibrationSummary;
  readonly bounds: HistoryBounds;
}

export function createWatchRunner(
  ctx: AppContext,
  deployment: Deployment,
  step: Step,
  start: Watch,
): WatchRunner {
  const live: LiveWindow = openLiveWindow(ctx.sources, deployment, step, start);
  const patience = createPatience(ctx.clock);
  let watch = start;
  let prepared: Prepared | undefined;
  let newest: Evidence | undefined;
  /** When the gate is looked at again after the last look; at once the first time. */
  let gateDueAtMs = 0;

  const prepare = async (): Promise<'prepared' | 'gone'> => {
    const stored = await storedSnapshot(ctx, watch);
    // What was stored asks no source.
    let isAnswered = stored === undefined;
    const snapshot =
      stored ??
      (await takeSnapshot({
        sources: ctx.sources,
        deployment,
        step,
        watch,
        goOnWithoutOptional: patience.isOver(),
        onUnanswered: () => (isAnswered = false),
        learned: ctx.learned?.inUse(placeKey(deployment)),
        ...(await baselineOf(ctx.store, deployment)),
      }));
    if (isAnswered) patience.renew();
    const hash = watch.snapshotHash ?? (await keepSnapshot(ctx, watch, snapshot));
    if (hash === undefined) return 'gone';
    if (watch.snapshotHash === undefined)
      watch = { ...watch, snapshotHash: hash, revision: watch.revision + 1 };
    const summary = await ctx.engine.calibrate(watch.id, snapshot);
    prepared = {
      hash,
      recent: recentHistory(snapshot, plottedHistory(watch)),
      summary,
      bounds: historyBounds(snapshot.metrics),
    };
    return 'prepared';
  };

  const look = async ({ hash, recent, summary, bounds }: Prepared): Promise<LookResult | 'gone'> => {
    const number = watch.lastLook + 1;
    const window = await live.upTo(number, { goOnWithoutOptional: patience.isOver(), bounds });
    if (window.every(({ unanswered }) => unanswered !== true)) patience.renew();
    const assessment = await ctx.engine.assess(watch.id, window, number, watch.carried, 'explained');
    const judgement = judgeLook(deployment, step, watch, window, assessment);
    newest = evidenceOf(watch, hash, recent, window, assessment, summary);
    const attribution = await attributionOf(judgement, window, summary);
    const result = await commitLook(ctx, watch, {
      judgement,
      evidence: newest,
      ...(attribution === undefined ? {} : { attribution }),
      verdict: (gated, evidenceHash) => ({
        ...verdictOf(deployment, watch, gated, summary, evidenceHash),
        ...(attribution === undefined ? {} : { attribution: attribution.result }),
      }),
    });
    if (result === undefined) return 'gone';
    watch = result.watch;
    return result;
  };

  /** Asked of harm alone, and never in the way of it: a verdict without an attribution is still a verdict. */
  const attributionOf = async (
    judgement: Judgement,
    live: readonly ReadMetric[],
    summary: CalibrationSummary,
  ): Promise<LookAttribution | undefined> => {
    if (judgement.value !== 'rollback' || watch.kind === 'recovery') return undefined;
    try {
      const snapshot = await storedSnapshot(ctx, watch);
      if (snapshot === undefined) return undefined;
      const verdict = verdictOf(deployment, watch, judgement, summary, undefined);
      return await attributeLook(ctx, deployment, { watch, snapshot, live, verdict });
    } catch (error) {
      ctx.log.warn(
        { watchId: watch.id, deploymentId: deployment.id, err: error },
        'a shift could not be attributed',
      );
      return undefined;
    }
  };

  const looksAreOver = (): boolean => watch.lastLook >= watch.plannedLooks;

  const waitAtGate = async (): Promise<'waiting' | 'gone'> => {
    ctx.engine.release(watch.id);
    const nextAtMs = await passGate(ctx, watch);
    if (nextAtMs === undefined) return 'gone';
    gateDueAtMs = nextAtMs;
    return 'waiting';
  };

  return {
    dueAtMs() {
      if (looksAreOver()) return gateDueAtMs;
      const looks = prepared === undefined ? watch.lastLook : watch.lastLook + 1;
      return watch.changeAtMs + looks * watch.intervalMs + watch.settleMs;
    },
    advance: () =>
      patience.spend((): Promise<LookResult | 'prepared' | 'waiting' | 'gone'> => {
        if (looksAreOver()) return waitAtGate();
        return prepared === undefined || !ctx.engine.isCalibrated(watch.id) ? prepare() : look(prepared);
      }),
    evidence: () => newest,
  };
}

async function storedSnapshot(ctx: AppContext, watch: Watch): Promise<Snapshot | undefined> {
  if (watch.snapshotHash === undefined) return undefined;
  const bytes = await ctx.store.blob(watch.snapshotHash);
  if (bytes === undefined)
    throw new Error(`the snapshot ${watch.snapshotHash} of watch ${watch.id} is gone from the store`);
  return decodeSnapshot(bytes);
}

/** @returns the snapshot's address, or undefined when the watch was ended from outside meanwhile */
function keepSnapshot(ctx: AppContext, watch: Watch, snapshot: Snapshot): Promise<string | undefined> {
  // Encoded before the transaction: nobody can write while it runs.
  const bytes = encodeSnapshot(snapshot);
  return ctx.store.transaction(async (tx) => {
    const current = await tx.watch(watch.id);
    if (current?.state !== 'watching') return undefined;
    const hash = await tx.putBlob(bytes);
    await tx.updateWatch({ ...current, snapshotHash: hash, revision: current.revision + 1 });
    return hash;
  });
}
