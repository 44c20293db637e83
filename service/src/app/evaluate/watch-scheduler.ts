import { setTimeout as sleep } from 'node:timers/promises';
import type { Evidence } from '../../domain/evidence.js';
import type { Watch } from '../../domain/watch.js';
import { SourceError } from '../../sources/port.js';
import { StoreError } from '../../store/port.js';
import type { AppContext } from '../context.js';
import { giveUp } from './give-up.js';
import { lapseHolds } from './lapse-holds.js';
import { publishDecision } from './publish-decision.js';
import { createWatchRunner, type WatchRunner } from './watch-runner.js';

/** First pause after a failure; doubled each time up to the longest. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;
/** Past its end, a watch that can't be judged is given up after failing for this long without a break. */
const GIVE_UP_AFTER_MS = 60_000;
/** Running watches are read this often even when nobody wakes the scheduler: one failed read must not lose a watch. */
const REFRESH_EVERY_MS = 5_000;
/** A look that is late by less is not called late, however short the interval. */
const LEAST_LATE_MS = 5_000;
/** No single sleep is longer, so that a clock that was set, or a machine that slept, is noticed (and timers overflow at 2^31 ms). */
const LONGEST_SLEEP_MS = 60_000;

export interface WatchScheduler {
  /** Takes up every running watch, those from before a restart too. */
  start(): Promise<void>;
  /** Looks for watches that were begun or ended. */
  wake(): void;
  /** Newest evidence of a deployment's running watch. */
  evidence(deploymentId: string): Evidence | undefined;
  /** What it works on, for readiness and metrics. */
  status(): SchedulerStatus;
  /** Lets looks in progress finish. */
  stop(): Promise<void>;
}

export interface SchedulerStatus {
  readonly active: number;
  /** Watches whose next look is late by more than an interval. */
  readonly overdue: number;
  /** When the running watches were last read without an error; undefined before the first time. */
  readonly refreshedAtMs?: number;
}

export interface SchedulerTelemetry {
  looked(watch: Watch, lagMs: number, durationMs: number): void;
  failed(watch: Watch): void;
}

interface Desk {
  readonly watch: Watch;
  readonly runner: WatchRunner;
  readonly stop: AbortController;
  done: Promise<void>;
}

/** Pause before trying again after so many failures in a row. */
function pauseMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
}

/** One loop a watch: sleep until the next look has settled, take it, go on. */
export function createWatchScheduler(
  ctx: AppContext,
  telemetry: SchedulerTelemetry,
  { refreshEveryMs = REFRESH_EVERY_MS }: { readonly refreshEveryMs?: number } = {},
): WatchScheduler {
  const desks = new Map<string, Desk>();
  /** Watches that nothing can be done about, each complained of once. */
  const orphans = new Set<string>();
  let stopped = false;
  let refreshing: Promise<void> | undefined;
  let wakes = 0;
  let timer: NodeJS.Timeout | undefined;
  let refreshedAtMs: number | undefined;

  const refresh = async (): Promise<void> => {
    const running = await ctx.store.watches({ state: 'watching' });
    const ids = new Set(running.map((w) => w.id));
    for (const [id, desk] of desks) if (!ids.has(id)) desk.stop.abort();
    for (const watch of running) if (!desks.has(watch.id) && !stopped) await open(watch);
    refreshedAtMs = ctx.clock();
    // Last, and by itself: a hold that cannot be lifted now must keep no watch from being opened.
    await lapseHolds(ctx).catch((error: unknown) =>
      ctx.log.warn({ err: error }, 'holds that have ended could not be lifted; it is tried again soon'),
    );
  };

  /** Only ever one refresh at a time, or two could open the same watch. */
  const refreshAlone = async (): Promise<void> => {
    let seen: number;
    do {
      seen = wakes;
      await refresh().catch((error: unknown) =>
        ctx.log.warn({ err: error }, 'running watches could not be read; they are read again soon'),
      );
    } while (seen !== wakes && !stopped);
    refreshing = undefined;
  };

  const wake = (): void => {
    if (stopped) return;
    wakes += 1;
    refreshing ??= refreshAlone();
  };

  const open = async (watch: Watch): Promise<void> => {
    const deployment = await ctx.store.deployment(watch.deploymentId);
    const step = (await ctx.store.steps(watch.deploymentId)).find((s) => s.index === watch.stepIndex);
    if (deployment === undefined || step === undefined) {
      if (!orphans.has(watch.id))
        ctx.log.error(
          { watchId: watch.id, deploymentId: watch.deploymentId },
          'a watch has no deployment or step; it is left alone',
        );
      orphans.add(watch.id);
      return;
    }
    const desk: Desk = {
      watch,
      runner: createWatchRunner(ctx, deployment, step, watch),
      stop: new AbortController(),
      done: Promise.resolve(),
    };
    desks.set(watch.id, desk);
    desk.done = run(desk)
      .catch((error: unknown) =>
        ctx.log.error(
          { watchId: watch.id, deploymentId: watch.deploymentId, err: error },
          'a watch stopped unexpectedly; it is opened again',
        ),
      )
      .finally(() => {
        ctx.troubles.over(watch.deploymentId);
        if (desks.get(watch.id) !== desk) return;
        desks.delete(watch.id);
        ctx.engine.release(watch.id);
      });
  };

  const run = async (desk: Desk): Promise<void> => {
    let failures = 0;
    let failingSinceMs: number | undefined;
    while (!desk.stop.signal.aborted) {
      const dueAtMs = desk.runner.dueAtMs();
      const rested = await pause(pauseMs(failures), desk.stop.signal);
      if (!rested || !(await waitUntil(dueAtMs, desk.stop.signal))) return;
      try {
        if (await work(desk, dueAtMs)) return;
        failures = 0;
        failingSinceMs = undefined;
        ctx.troubles.over(desk.watch.deploymentId);
      } catch (error) {
        failures += 1;
        failingSinceMs ??= ctx.clock();
        if (await failed(desk, error, failures, failingSinceMs)) return;
      }
    }
  };

  /** The clock may be set while it sleeps: what counts is what it says on waking. */
  const waitUntil = async (atMs: number, signal: AbortSignal): Promise<boolean> => {
    for (let leftMs = atMs - ctx.clock(); leftMs > 0; leftMs = atMs - ctx.clock())
      if (!(await pause(Math.min(leftMs, LONGEST_SLEEP_MS), signal))) return false;
    return !signal.aborted;
  };

  /** @returns true when the watch has come to its end */
  const work = async (desk: Desk, dueAtMs: number): Promise<boolean> => {
    const startedMs = ctx.clock();
    const result = await desk.runner.advance();
    if (result === 'prepared' || result === 'waiting') return false;
    if (result === 'gone') return true;
    telemetry.looked(result.watch, startedMs - dueAtMs, ctx.clock() - startedMs);
    if (result.verdict) {
      ctx.feed.publish(result.verdict);
      ctx.wake('outbox');
    }
    if (result.rollbackStarted) ctx.wake('rollbacks');
    if (result.tail) ctx.wake('watches');
    return result.watch.state !== 'watching';
  };

  /** @returns true when the watch was given up */
  const failed = async (
    desk: Desk,
    error: unknown,
    failures: number,
    failingSinceMs: number,
  ): Promise<boolean> => {
    const { watch } = desk;
    telemetry.failed(watch);
    const message = error instanceof Error ? error.message : String(error);
    const hopeless = (error instanceof SourceError || error instanceof StoreError) && !error.retryable;
    const foreseen = error instanceof SourceError || error instanceof StoreError;
    ctx.log[foreseen ? 'warn' : 'error'](
      {
        watchId: watch.id,
        deploymentId: watch.deploymentId,
        look: watch.lastLook + 1,
        failures,
        err: error,
      },
      'a look could not be taken',
    );
    ctx.troubles.failed(
      watch.deploymentId,
      failingSinceMs,
      foreseen ? message : 'an unexpected failure; see the log',
    );
    if (error instanceof StoreError && error.code === 'conflict') return true;
    if (!hopeless && !isOverdue(watch, ctx.clock(), failingSinceMs)) return false;
    const decision = await giveUp(ctx, watch.id, message).catch((cause: unknown) => {
      ctx.log.warn(
        { watchId: watch.id, deploymentId: watch.deploymentId, err: cause },
        'a watch could not be given up; it will be tried again',
      );
      return 'later' as const;
    });
    if (decision === 'later' || decision === 'at-gate') return false;
    publishDecision(ctx, decision);
    return true;
  };

  return {
    async start() {
      timer ??= setInterval(wake, refreshEveryMs).unref();
      wake();
      await refreshing;
    },
    wake,
    evidence: (deploymentId) =>
      [...desks.values()].find((d) => d.watch.deploymentId === deploymentId)?.runner.evidence(),
    status() {
      const nowMs = ctx.clock();
      const late = ({ runner, watch }: Desk): boolean =>
        nowMs - runner.dueAtMs() > Math.max(LEAST_LATE_MS, watch.intervalMs);
      return {
        active: desks.size,
        overdue: [...desks.values()].filter(late).length,
        ...(refreshedAtMs === undefined ? {} : { refreshedAtMs }),
      };
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await refreshing;
      for (const desk of desks.values()) desk.stop.abort();
      await Promise.all([...desks.values()].map((desk) => desk.done));
    },
  };
}

/** After an outage of the service itself every look is late, so being late alone is no reason to give up. */
function isOverdue(watch: Watch, nowMs: number, failingSinceMs: number): boolean {
  const endMs = watch.changeAtMs + watch.plannedLooks * watch.intervalMs + watch.settleMs;
  return nowMs >= endMs && nowMs - failingSinceMs >= GIVE_UP_AFTER_MS;
}

/** @returns false when the signal cut it short */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  return ms <= 0 || sleep(ms, true, { signal }).catch(() => false);
}
