/**
 * A latency histogram judged over its whole distribution against one line of its 99th percentile and one of its median, all read off the
 * same buckets: false rollbacks and power by traffic.
 *
 * With `--canary` a canary beside a control group of four times its traffic, 30 intervals after both began: e-processes.
 *
 *   node models/dist/bench/distributions.js [--deployments 200] [--seed 1] [--bounds default|fine] [--canary]
 */
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import {
  mapArm,
  quantileLine,
  wilsonInterval,
  type Arm,
  type HistogramArm,
  type LiveMetric,
  type MetricRule,
  type Snapshot,
} from '../src/index.js';
import { noisyHistogram, type SlowPart } from '../src/verdict/noisy-histogram.test-support.js';
import { syntheticRule } from './synthetic-service.js';
import { watchDeployment } from './watch-deployment.js';

/** A day of minutes: placebos. */
const LONG_HISTORY = 1440;
const SHORT_HISTORY = 30;
const CONTROL_TRAFFIC = 4;
const LOOKS = 30;
const ALPHA = 0.05;
const TRAFFIC = [100, 1000, 10_000];

const DEFECTS: readonly (readonly [title: string, defect: SlowPart | undefined])[] = [
  ['nothing (A/A)', undefined],
  ['all requests +15 %', { share: 1, factor: 1.15 }],
  ['2 % of requests × 5', { share: 0.02, factor: 5 }],
  ['bimodal: 15 % of requests × 2', { share: 0.15, factor: 2 }],
];

/** Buckets 20 % apart from 10 ms on. */
const FINE_BOUNDS = [...Array.from({ length: 32 }, (_, index) => 0.01 * 1.2 ** index), Infinity];

type Method = readonly [title: string, read: (histogram: HistogramArm) => Arm];

const METHODS: readonly Method[] = [
  ['histogram', (histogram) => histogram],
  ['p99 line', (histogram) => ({ shape: 'gauge', values: quantileLine(histogram, 0.99) })],
  ['p50 line', (histogram) => ({ shape: 'gauge', values: quantileLine(histogram, 0.5) })],
];

/** Look of the rollback, or undefined. */
function rolledBackAt(treatment: Arm, control: Arm | undefined, history: number): number | undefined {
  const part = (arm: Arm, from: number, to: number): Arm => mapArm(arm, (line) => line.slice(from, to));
  const cut = (from: number, to: number): LiveMetric => ({
    treatment: part(treatment, from, to),
    ...(control === undefined ? {} : { control: part(control, from, to) }),
  });
  const rule: MetricRule = { ...syntheticRule(0), unit: 's', shape: treatment.shape };
  const snapshot: Snapshot = {
    intervalMs: 60_000,
    changeAtMs: 0,
    changeIndex: history,
    plannedLooks: LOOKS,
    metrics: [{ rule, ...cut(0, history) }],
    excluded: [],
    alpha: ALPHA,
    prior: 0.1,
    groupWeights: {},
    earliestContinue: 1,
    minCoverage: 0.5,
  };
  return watchDeployment(snapshot, [cut(history, history + LOOKS)]).rolledBackAt;
}

function main(): void {
  const { values } = parseArgs({
    options: {
      deployments: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      bounds: { type: 'string', default: 'default' },
      canary: { type: 'boolean', default: false },
    },
  });
  const deployments = Number(values.deployments);
  const history = values.canary ? SHORT_HISTORY : LONG_HISTORY;
  const upperBounds = values.bounds === 'fine' ? { upperBounds: FINE_BOUNDS } : {};
  console.log(
    `${deployments} deployments a cell, seed ${values.seed}, ${values.bounds} buckets, α = ${100 * ALPHA} %, ${history} intervals before${values.canary ? ' beside a control group' : ''}, a look at each of ${LOOKS} intervals, no minimum effect: rolled back [95 % Wilson interval], median look.\n`,
  );
  console.log(`| requests an interval | change | ${METHODS.map(([title]) => title).join(' | ')} |`);
  console.log(`|---|---|${METHODS.map(() => '---|').join('')}`);
  TRAFFIC.forEach((requests, level) => {
    DEFECTS.forEach(([title, defect], kind) => {
      const looks = METHODS.map((): number[] => []);
      for (let index = 0; index < deployments; index++) {
        const seed = Number(values.seed) * 1_000_000 + (level * DEFECTS.length + kind) * 10_000 + index;
        const length = history + LOOKS;
        const harm = defect === undefined ? {} : { defect, changeIndex: history };
        const histogram = noisyHistogram({ seed, requests, length, ...harm, ...upperBounds });
        const control = values.canary
          ? noisyHistogram({ seed: -seed, requests: CONTROL_TRAFFIC * requests, length, ...upperBounds })
          : undefined;
        METHODS.forEach(([, read], method) => {
          const look = rolledBackAt(read(histogram), control && read(control), history);
          if (look !== undefined) looks[method]?.push(look);
        });
      }
      const cells = looks.map((found) => {
        const { low, high } = wilsonInterval(found.length, deployments);
        const rate = `${((100 * found.length) / deployments).toFixed(1)} % [${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}]`;
        return found.length === 0 ? rate : `${rate}, ${median(found)}`;
      });
      console.log(`| ${requests} | ${title} | ${cells.join(' | ')} |`);
    });
  });
}

main();
