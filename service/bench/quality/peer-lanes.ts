import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PeerReply, PeerRequest } from '@bellwether/models/peers';

/** Answers questions to peers, several at a time. */
export interface PeerLanes {
  /** @throws what goes wrong in the thread */
  ask(request: PeerRequest): Promise<PeerReply>;
  close(): Promise<void>;
}

interface Lane {
  readonly worker: Worker;
  waiting?: { readonly resolve: (reply: PeerReply) => void; readonly reject: (error: Error) => void };
}

/** Threads of peers. The built worker of the science is run, since the peers are its benchmark and no part of the service. */
export function createPeerLanes(count: number): PeerLanes {
  const peers = createRequire(import.meta.url).resolve('@bellwether/models/peers');
  const file = join(dirname(peers), 'peer-worker.js');
  const queue: ((lane: Lane) => void)[] = [];
  const idle: Lane[] = [];
  const free = (lane: Lane): void => {
    const next = queue.shift();
    if (next === undefined) idle.push(lane);
    else next(lane);
  };
  const lanes = Array.from({ length: count }, (): Lane => {
    const lane: Lane = { worker: new Worker(file) };
    lane.worker.on('message', (reply: PeerReply) => {
      lane.waiting?.resolve(reply);
      delete lane.waiting;
      free(lane);
    });
    lane.worker.on('error', (error: Error) => lane.waiting?.reject(error));
    idle.push(lane);
    return lane;
  });
  const borrowed = (): Promise<Lane> => {
    const lane = idle.pop();
    return lane === undefined ? new Promise((resolve) => queue.push(resolve)) : Promise.resolve(lane);
  };
  return {
    async ask(request) {
      const lane = await borrowed();
      return new Promise((resolve, reject) => {
        lane.waiting = { resolve, reject };
        lane.worker.postMessage(request);
      });
    },
    async close() {
      await Promise.all(lanes.map(({ worker }) => worker.terminate()));
    },
  };
}
