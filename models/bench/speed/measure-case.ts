import {
  assess,
  assessAndExplain,
  calibrate,
  INITIAL_CARRIED,
  SHIPPED_MODEL,
  type Calibration,
  type LiveMetric,
  type Snapshot,
  type WindowScorer,
} from '../../src/index.js';
import { declaredLooks } from '../../src/calibration/learned-replay.js';
import { drawBusyService, METRICS, type SpeedCase } from './busy-service.js';

/** Calibrations held at once to measure the memory of one. */
const MEMORY_COPIES = 3;

/** What one kind of watch costs; times in milliseconds. */
export interface CaseCost {
  readonly placebos: number;
  /** How it was judged: placebos are replayed before it is known whether they are enough. */
  readonly guarantee: string;
  /** Wall time of each preparation. */
  readonly prepareMs: readonly number[];
  /** Processor time of each, threads of the runtime included: what a busy machine does not stretch. */
  readonly prepareCpuMs: readonly number[];
  readonly lookMs: readonly number[];
  /** Of the looks at which the learned scorer was asked. */
  readonly declaredMs: readonly number[];
  readonly explainedMs: readonly number[];
  /** Held by a calibration, bytes a metric. */
  readonly bytesPerMetric: number;
}

/** Typed arrays live outside the JavaScript heap, so both are counted. */
function bytesHeld(): number {
  // Buffers of dead arrays go one collection later than the arrays.
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function asking(snapshot: Snapshot, scorer: WindowScorer | undefined): Snapshot {
  return scorer === undefined ? snapshot : { ...snapshot, learned: SHIPPED_MODEL };
}

/** Bytes that one more calibration of the same snapshot holds; the first one pays for compiled code and is left out. */
function bytesPerMetric(one: SpeedCase, seed: number, scorer: WindowScorer | undefined): number {
  const snapshot = asking(drawBusyService(one, seed).snapshot, scorer);
  const kept: Calibration[] = [calibrate(snapshot, scorer)];
  const before = bytesHeld();
  for (let copy = 0; copy < MEMORY_COPIES; copy++) kept.push(calibrate(snapshot, scorer));
  return (bytesHeld() - before) / (kept.length - 1) / METRICS;
}

function timed<T>(times: number[], work: () => T): T {
  const started = performance.now();
  const result = work();
  times.push(performance.now() - started);
  return result;
}

/**
 * Prepares and watches so many deployments of one kind, after one that warms the code up and does not count.
 *
 * @param model the shipped model, for cases that ask it
 */
export function measureCase(one: SpeedCase, watches: number, seed: number, model: WindowScorer): CaseCost {
  const scorer = one.isLearnedAsked === true ? model : undefined;
  const cost = {
    prepareMs: [] as number[],
    prepareCpuMs: [] as number[],
    lookMs: [] as number[],
    declaredMs: [] as number[],
    explainedMs: [] as number[],
  };
  const watch = (calibration: Calibration, live: readonly LiveMetric[]): void => {
    let carried = INITIAL_CARRIED;
    for (let look = 1; look <= one.looks; look++) {
      const isAsked = scorer !== undefined && declaredLooks(one.looks).includes(look);
      const { carried: next } = timed(isAsked ? cost.declaredMs : cost.lookMs, () =>
        assess(calibration, live, look, carried, scorer),
      );
      timed(cost.explainedMs, () => assessAndExplain(calibration, live, look, carried, scorer));
      carried = next;
    }
  };
  const held = bytesPerMetric(one, seed, scorer);
  let summary = { placebos: 0, guarantee: 'none' };
  for (let index = 0; index < watches; index++) {
    const drawn = drawBusyService(one, seed + index);
    const snapshot = asking(drawn.snapshot, scorer);
    const from = process.cpuUsage();
    const calibration = timed(cost.prepareMs, () => calibrate(snapshot, scorer));
    const { user, system } = process.cpuUsage(from);
    cost.prepareCpuMs.push((user + system) / 1000);
    ({ summary } = calibration);
    watch(calibration, drawn.live);
  }
  const { placebos, guarantee } = summary;
  return { ...cost, placebos, guarantee, bytesPerMetric: held };
}
