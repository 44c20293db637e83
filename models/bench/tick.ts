/**
 * What a watch costs: 20 metrics with 7 days of minutes, a watch of 60 looks.
 *
 *   node --expose-gc models/dist/bench/tick.js [--watches 10] [--seed 1]
 *
 * Reports p50 and p99 of `assess`, bare and with its explanation, over every look of every watch, the time of `calibrate`, and the heap held by a calibration.
 */
import { parseArgs } from 'node:util';
import {
  assess,
  assessAndExplain,
  calibrate,
  INITIAL_CARRIED,
  type Calibration,
  type Snapshot,
} from '../src/index.js';
import { quantileSorted } from 'simple-statistics';
import { drawDeployment } from './synthetic-service.js';

const SERVICE = {
  metrics: 20,
  phi: 0.5,
  season: true,
  gap: 0,
  history: 7 * 1440,
  looks: 60,
  day: 1440,
  alpha: 0.05,
};

/** Calibrations held at once to measure the memory of one. */
const MEMORY_COPIES = 5;

/** Typed arrays live outside the JavaScript heap, so both are counted. */
function bytesHeld(): number {
  // Buffers of dead arrays go one collection later than the arrays.
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function line(name: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (p: number): string => quantileSorted(sorted, p).toFixed(2);
  return `${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, largest ${at(1)} ms (n = ${sorted.length})`;
}

/** Bytes that one more calibration of the same snapshot holds; the first one pays for compiled code and is left out. */
function bytesPerWatch(snapshot: Snapshot): number {
  const kept: Calibration[] = [calibrate(snapshot)];
  const before = bytesHeld();
  for (let copy = 0; copy < MEMORY_COPIES; copy++) kept.push(calibrate(snapshot));
  return (bytesHeld() - before) / (kept.length - 1);
}

function main(): void {
  const { values } = parseArgs({
    options: { watches: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
  });
  const watches = Number(values.watches);
  const held = bytesPerWatch(drawDeployment(SERVICE, Number(values.seed)).snapshot);
  const calibrations: number[] = [];
  const looks: number[] = [];
  const explained: number[] = [];
  for (let watch = 0; watch < watches; watch++) {
    const { snapshot, live } = drawDeployment(SERVICE, Number(values.seed) + watch);
    const started = performance.now();
    const calibration = calibrate(snapshot);
    calibrations.push(performance.now() - started);
    let carried = INITIAL_CARRIED;
    for (let look = 1; look <= SERVICE.looks; look++) {
      const from = performance.now();
      const { carried: next } = assess(calibration, live, look, carried);
      const between = performance.now();
      looks.push(between - from);
      assessAndExplain(calibration, live, look, carried);
      explained.push(performance.now() - between);
      carried = next;
    }
  }
  console.log(
    `${watches} watches of ${SERVICE.metrics} metrics, ${SERVICE.history} intervals of history, ${SERVICE.looks} looks, seed ${values.seed}`,
  );
  console.log(line('assess', looks));
  console.log(line('assess and explain', explained));
  console.log(line('calibrate', calibrations));
  const note = globalThis.gc === undefined ? ' (run with --expose-gc for a figure that means something)' : '';
  console.log(`memory held per calibrated watch: ${(held / 1024).toFixed(0)} KiB${note}`);
}

main();
