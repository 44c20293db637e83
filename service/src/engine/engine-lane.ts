import { Worker } from 'node:worker_threads';
import type { EngineReply, EngineRequest, EngineWorkerData } from './messages.js';

/** A request that is answered. */
export type EngineQuestion = Exclude<EngineRequest, { kind: 'release' }>;

export interface LaneOptions extends EngineWorkerData {
  readonly workerFile: URL;
  /** How long a worker may take over one question before it counts as stuck, by kind of question. */
  readonly limitMs: Readonly<Record<EngineQuestion['kind'], number>>;
  /** Pause before a worker that died is replaced; doubled with every death without an answer in between, up to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  readonly onCrash: (error: Error) => void;
}

/** One worker thread and the watches calibrated on it. */
export interface EngineLane {
  readonly watches: Set<string>;
  /** False while a dead worker is being replaced. */
  isUp(): boolean;
  /** Questions asked and waiting. */
  queued(): number;
  /** @throws Error when the worker dies, or takes too long and is ended; the watches of this lane are then no longer calibrated */
  ask(question: EngineQuestion): Promise<EngineReply>;
  release(watchId: string): void;
  close(limitMs: number): Promise<void>;
}

interface Waiting {
  readonly question: EngineQuestion;
  readonly resolve: (reply: EngineReply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A worker is asked one question at a time, so that the time limit counts its work and not the queue before it. One that dies is
 * replaced after a pause that grows, or a worker that cannot start would keep a core busy with starting it.
 */
export function createEngineLane(options: LaneOptions): EngineLane {
  const watches = new Set<string>();
  const queue: Waiting[] = [];
  let asked: Waiting | undefined;
  let worker: Worker | undefined;
  let limit: NodeJS.Timeout | undefined;
  let respawn: NodeJS.Timeout | undefined;
  let deaths = 0;
  let closed = false;

  const askNext = (): void => {
    if (asked !== undefined || worker === undefined) return;
    asked = queue.shift();
    if (asked === undefined) return;
    const { kind } = asked.question;
    const limitMs = options.limitMs[kind];
    limit = setTimeout(() => down(new Error(`an engine thread took over ${limitMs} ms to ${kind}`)), limitMs);
    limit.unref();
    worker.postMessage(asked.question);
  };

  const answered = (reply: EngineReply): void => {
    if (asked?.question.id !== reply.id) return;
    clearTimeout(limit);
    deaths = 0;
    asked.resolve(reply);
    asked = undefined;
    askNext();
  };

  const rejectAll = (error: Error): void => {
    clearTimeout(limit);
    const rejected = asked === undefined ? queue.splice(0) : [asked, ...queue.splice(0)];
    asked = undefined;
    watches.clear();
    for (const { reject } of rejected) reject(error);
  };

  /** Gives the worker up, dead or stuck, and has it replaced. */
  const down = (error: Error): void => {
    const gone = worker;
    worker = undefined;
    void gone?.terminate();
    rejectAll(error);
    options.onCrash(error);
    const pauseMs = Math.min(options.longestPauseMs, options.firstPauseMs * 2 ** deaths);
    deaths += 1;
    respawn = setTimeout(spawn, pauseMs).unref();
  };

  const spawn = (): void => {
    // The built worker runs by itself: flags of the process around it (a test runner's loaders) are not for it.
    const { workerFile, cacheFolder, modelFolder } = options;
    const workerData: EngineWorkerData = {
      ...(cacheFolder === undefined ? {} : { cacheFolder }),
      ...(modelFolder === undefined ? {} : { modelFolder }),
    };
    const born = new Worker(workerFile, { execArgv: [], workerData });
    worker = born;
    let cause: Error | undefined;
    born.on('message', (reply: EngineReply) => {
      if (worker === born) answered(reply);
    });
    born.on('error', (error: Error) => (cause = error));
    born.on('exit', (code) => {
      if (worker !== born || closed) return;
      down(cause ?? new Error(`an engine thread ended with code ${code}`));
    });
    born.unref();
  };

  spawn();
  return {
    watches,
    isUp: () => worker !== undefined,
    queued: () => queue.length + (asked === undefined ? 0 : 1),
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (closed) throw new Error('the engine is closed');
        queue.push({ question, resolve, reject });
        askNext();
      }),
    release(watchId) {
      watches.delete(watchId);
      worker?.postMessage({ kind: 'release', watchId } satisfies EngineRequest);
    },
    async close(limitMs) {
      closed = true;
      clearTimeout(respawn);
      const last = worker;
      worker = undefined;
      rejectAll(new Error('the engine is closed'));
      const late = new Promise<void>((resolve) => setTimeout(resolve, limitMs).unref());
      await Promise.race([last?.terminate(), late]);
    },
  };
}
