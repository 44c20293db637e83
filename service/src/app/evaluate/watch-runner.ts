import type { CalibrationSummary, Snapshot } from '@bellwether/models';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { Evidence } from '../../domain/evidence.js';
import type { Watch } from '../../domain/watch.js';
import type { AppContext } from '../context.js';
import { decodeSnapshot, encodeSnapshot } from '../window/snapshot-codec.js';
import { openLiveWindow, type LiveWindow } from '../window/live-window.js';
import { takeSnapshot } from '../window/take-snapshot.js';
import { baselineOf } from './baseline.js';
import { commitLook, type LookResult } from './commit-look.js';
import { evidenceOf, plottedHistory } from './evidence-of.js';
import { judgeLook, verdictOf } from './judge-look.js';
import { recentHistory } from './recent-history.js';

/** Works on one watch; one call at a time. */
export interface WatchRunner {
  /** When the next piece of work is due (event time has settled), in ms since the epoch. */
  dueAtMs(): number;
  /**
   * Does what is due: takes the snapshot and replays the past once, then one look.
   * @returns what the look came to; `prepared` after the first call; `gone` when the watch was ended from outside
   * @throws SourceError, StoreError, or what the engine throws; the look stays due
   */
  advance(): Promise<LookResult | 'prepared' | 'gone'>;
  /** The newest evidence, also of looks that changed nothing. */
  evidence(): Evidence | undefined;
}

interface Prepared {
  readonly hash: string;
  /** Only as much history as the plots show: the engine has the rest, and many watches run at once. */
  readonly recent: Snapshot;
  readonly summary: CalibrationSummary;
}

export function createWatchRunner(
  ctx: AppContext,
  deployment: Deployment,
  step: Step,
  start: Watch,
): WatchRunner {
  const live: LiveWindow = openLiveWindow(ctx.source, deployment, step, start);
  let watch = start;
  let prepared: Prepared | undefined;
  let newest: Evidence | undefined;

  const prepare = async (): Promise<'prepared' | 'gone'> => {
    const stored = await storedSnapshot(ctx, watch);
    const snapshot =
      stored ??
      (await takeSnapshot({
        source: ctx.source,
        deployment,
        step,
        watch,
        ...(await baselineOf(ctx.store, deployment)),
      }));
    const hash = watch.snapshotHash ?? (await keepSnapshot(ctx, watch, snapshot));
    if (hash === undefined) return 'gone';
    if (watch.snapshotHash === undefined)
      watch = { ...watch, snapshotHash: hash, revision: watch.revision + 1 };
    const summary = await ctx.engine.calibrate(watch.id, snapshot);
    prepared = { hash, recent: recentHistory(snapshot, plottedHistory(watch)), summary };
    return 'prepared';
  };

  const look = async ({ hash, recent, summary }: Prepared): Promise<LookResult | 'gone'> => {
    const number = watch.lastLook + 1;
    const window = await live.upTo(number);
    const assessment = await ctx.engine.assess(watch.id, window, number, watch.carried);
    const judgement = judgeLook(deployment, step, watch, window, assessment);
    newest = evidenceOf(watch, hash, recent, window, assessment, summary);
    const result = await commitLook(ctx, watch, {
      judgement,
      evidence: newest,
      verdict: (evidenceHash) => verdictOf(deployment, watch, judgement, summary, evidenceHash),
    });
    if (result === undefined) return 'gone';
    watch = result.watch;
    return result;
  };

  return {
    dueAtMs() {
      const looks = prepared === undefined ? watch.lastLook : watch.lastLook + 1;
      return watch.changeAtMs + looks * watch.intervalMs + watch.settleMs;
    },
    advance: () =>
      prepared === undefined || !ctx.engine.isCalibrated(watch.id) ? prepare() : look(prepared),
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
