import { createEngineLane, type EngineLane, type LaneOptions } from './engine-lane.js';
import type { Engine } from './port.js';

/** An engine that can say how it is. */
export interface WorkerEngine extends Engine {
  status(): EngineStatus;
}

export interface EngineStatus {
  readonly threads: number;
  /** Threads that run; the others are being replaced. */
  readonly up: number;
  /** Questions in work or waiting. */
  readonly queued: number;
}

export type WorkerEngineOptions = Partial<Omit<LaneOptions, 'onCrash'>>;

const DEFAULTS: Omit<LaneOptions, 'onCrash'> = {
  workerFile: new URL('./engine-worker.js', import.meta.url),
  // Replaying placebos takes up to seconds and a look milliseconds; these are for threads that will never answer.
  limitMs: { calibrate: 120_000, assess: 30_000, attribute: 30_000 },
  firstPauseMs: 100,
  longestPauseMs: 30_000,
};
/** A thread that does not end when told to is left to the end of the process. */
const CLOSE_LIMIT_MS = 5_000;

/**
 * The engine on worker threads, so that replaying placebos never blocks the event loop. A watch stays on the lane that calibrated it.
 * A worker that dies or gets stuck is replaced; its watches are no longer calibrated and their callers are told.
 *
 * @param laneCount number of threads, ≥ 1
 * @throws RangeError for fewer
 */
export function createWorkerEngine(
  laneCount: number,
  onCrash: (error: Error) => void,
  options: WorkerEngineOptions = {},
): WorkerEngine {
  if (!(laneCount >= 1)) throw new RangeError('an engine needs at least one thread');
  let nextId = 1;
  const lanes = Array.from({ length: laneCount }, () =>
    createEngineLane({ ...DEFAULTS, ...options, onCrash }),
  );

  const laneOf = (watchId: string): EngineLane | undefined => lanes.find((l) => l.watches.has(watchId));
  const quietest = (): EngineLane => {
    const [first, ...rest] = lanes.filter((lane) => lane.isUp());
    if (first === undefined) throw new Error('no engine thread is up: they are being replaced');
    return rest.reduce((best, lane) => (lane.watches.size < best.watches.size ? lane : best), first);
  };

  return {
    async calibrate(watchId, snapshot) {
      const lane = laneOf(watchId) ?? quietest();
      lane.watches.add(watchId);
      const reply = await lane.ask({ kind: 'calibrate', id: nextId++, watchId, snapshot });
      if (reply.kind === 'calibrated') return reply.summary;
      lane.watches.delete(watchId);
      throw unexpected(reply);
    },
    async assess(watchId, live, look, carried, detail = 'bare') {
      const lane = laneOf(watchId);
      if (lane === undefined) throw new Error(`watch ${watchId} is not calibrated in this engine`);
      const reply = await lane.ask({ kind: 'assess', id: nextId++, watchId, live, look, carried, detail });
      if (reply.kind === 'assessed') return reply.assessment;
      throw unexpected(reply);
    },
    async attribute(input) {
      const reply = await quietest().ask({ kind: 'attribute', id: nextId++, input });
      if (reply.kind === 'attributed') return reply.attribution;
      throw unexpected(reply);
    },
    isCalibrated: (watchId) => laneOf(watchId) !== undefined,
    release: (watchId) => laneOf(watchId)?.release(watchId),
    status: () => ({
      threads: lanes.length,
      up: lanes.filter((lane) => lane.isUp()).length,
      queued: lanes.reduce((sum, lane) => sum + lane.queued(), 0),
    }),
    async close() {
      await Promise.all(lanes.map((lane) => lane.close(CLOSE_LIMIT_MS)));
    },
  };
}

function unexpected(reply: { readonly kind: string; readonly message?: string }): Error {
  return new Error(reply.message ?? `unexpected reply "${reply.kind}" from an engine thread`);
}
