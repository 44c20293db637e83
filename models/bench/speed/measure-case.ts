import {
  assess,
  assessAndExplain,
  calibrate,
  INITIAL_CARRIED,
  type Calibration,
  type LiveMetric,
} from '../../src/index.js';
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

/** Bytes that one more calibration of the same snapshot holds; the first one pays for compiled code and is left out. */
function bytesPerMetric(one: SpeedCase, seed: number): number {
  const { snapshot } = drawBusyService(one, seed);
  const kept: Calibration[] = [calibrate(snapshot)];
  const before = bytesHeld();
  for (let copy = 0; copy < MEMORY_COPIES; copy++) kept.push(calibrate(snapshot));
  return (bytesHeld() - before) / (kept.length - 1) / METRICS;
}

function timed<T>(times: number[], work: () => T): T {
  const started = performance.now();
  const result = work();
  times.push(performance.now() - started);
  return result;
}

/** Prepares and watches so many deployments of one kind, after one that warms the code up and does not count. */
export function measureCase(one: SpeedCase, watches: number, seed: number): CaseCost {
  const cost = {
    prepareMs: [] as number[],
    prepareCpuMs: [] as number[],
    lookMs: [] as number[],
    explainedMs: [] as number[],
  };
  const watch = (calibration: Calibration, live: readonly LiveMetric[]): void => {
    let carried = INITIAL_CARRIED;
    for (let look = 1; look <= one.looks; look++) {
      const { carried: next } = timed(cost.lookMs, () => assess(calibration, live, look, carried));
      timed(cost.explainedMs, () => assessAndExplain(calibration, live, look, carried));
      carried = next;
    }
  };
  const held = bytesPerMetric(one, seed);
  let summary = { placebos: 0, guarantee: 'none' };
  for (let index = 0; index < watches; index++) {
    const { snapshot, live } = drawBusyService(one, seed + index);
    const from = process.cpuUsage();
    const calibration = timed(cost.prepareMs, () => calibrate(snapshot));
    const { user, system } = process.cpuUsage(from);
    cost.prepareCpuMs.push((user + system) / 1000);
    ({ summary } = calibration);
    watch(calibration, live);
  }
  const { placebos, guarantee } = summary;
  return { ...cost, placebos, guarantee, bytesPerMetric: held };
}
