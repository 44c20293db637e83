import { Worker } from 'node:worker_threads';
import type { EngineReply, EngineRequest } from './messages.js';
import type { Engine } from './port.js';

interface Lane {
  worker: Worker;
  readonly watches: Set<string>;
  readonly waiting: Map<
    number,
    { readonly resolve: (reply: EngineReply) => void; readonly reject: (error: Error) => void }
  >;
}

const WORKER = new URL('./engine-worker.js', import.meta.url);

/**
 * The engine on worker threads, so that replaying placebos never blocks the event loop. A watch stays on the lane that calibrated it.
 * A worker that dies is replaced; its watches are no longer calibrated and their callers are told.
 *
 * @param laneCount number of threads, ≥ 1
 */
export function createWorkerEngine(laneCount: number, onCrash: (error: Error) => void): Engine {
  let nextId = 1;
  let closing = false;
  const lanes: Lane[] = [];

  const fail = (lane: Lane, error: Error): void => {
    for (const { reject } of lane.waiting.values()) reject(error);
    lane.waiting.clear();
    lane.watches.clear();
  };
  const spawn = (lane: Lane): Worker => {
    const worker = new Worker(WORKER);
    worker.on('message', (reply: EngineReply) => {
      lane.waiting.get(reply.id)?.resolve(reply);
      lane.waiting.delete(reply.id);
    });
    worker.on('error', onCrash);
    worker.on('exit', (code) => {
      if (closing) return;
      fail(lane, new Error(`an engine thread ended with code ${code}`));
      lane.worker = spawn(lane);
    });
    worker.unref();
    return worker;
  };
  for (let i = 0; i < laneCount; i++) {
    const lane = { watches: new Set<string>(), waiting: new Map() } as unknown as Lane;
    lane.worker = spawn(lane);
    lanes.push(lane);
  }

  const laneOf = (watchId: string): Lane | undefined => lanes.find((lane) => lane.watches.has(watchId));
  const quietest = (): Lane => {
    const [first, ...rest] = lanes;
    if (first === undefined) throw new RangeError('an engine needs at least one thread');
    return rest.reduce((best, lane) => (lane.watches.size < best.watches.size ? lane : best), first);
  };
  const ask = (lane: Lane, request: Exclude<EngineRequest, { kind: 'release' }>): Promise<EngineReply> =>
    new Promise((resolve, reject) => {
      lane.waiting.set(request.id, { resolve, reject });
      lane.worker.postMessage(request);
    });

  return {
    async calibrate(watchId, snapshot) {
      const lane = laneOf(watchId) ?? quietest();
      lane.watches.add(watchId);
      const reply = await ask(lane, { kind: 'calibrate', id: nextId++, watchId, snapshot });
      if (reply.kind === 'calibrated') return reply.summary;
      lane.watches.delete(watchId);
      throw new Error(reply.kind === 'failed' ? reply.message : 'unexpected reply from an engine thread');
    },
    async assess(watchId, live, look, carried) {
      const lane = laneOf(watchId);
      if (lane === undefined) throw new Error(`watch ${watchId} is not calibrated in this engine`);
      const reply = await ask(lane, { kind: 'assess', id: nextId++, watchId, live, look, carried });
      if (reply.kind === 'assessed') return reply.assessment;
      throw new Error(reply.kind === 'failed' ? reply.message : 'unexpected reply from an engine thread');
    },
    isCalibrated: (watchId) => laneOf(watchId) !== undefined,
    release(watchId) {
      const lane = laneOf(watchId);
      if (lane === undefined) return;
      lane.watches.delete(watchId);
      lane.worker.postMessage({ kind: 'release', watchId } satisfies EngineRequest);
    },
    async close() {
      closing = true;
      await Promise.all(lanes.map((lane) => lane.worker.terminate()));
      for (const lane of lanes) fail(lane, new Error('the engine is closed'));
    },
  };
}
