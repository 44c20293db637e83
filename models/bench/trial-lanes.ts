import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PastResult, Trial } from './trial.js';

/** Judges one trial after the other. */
export type TrialLane = (trial: Trial) => Promise<readonly PastResult[]>;

/** Threads that judge trials. */
export interface TrialLanes {
  readonly lanes: readonly TrialLane[];
  close(): Promise<void>;
}

/** Starts as many threads as are asked for. */
export function createTrialLanes(count: number): TrialLanes {
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL('./trial-worker.js', import.meta.url)),
  );
  const lanes = workers.map((worker): TrialLane => async (trial) => {
    worker.postMessage(trial);
    const [pasts] = (await once(worker, 'message')) as [readonly PastResult[]];
    return pasts;
  });
  return {
    lanes,
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
