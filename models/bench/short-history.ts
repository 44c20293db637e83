/**
 * False rollbacks and power of the e-processes, where the history is too short for placebos: 30 intervals before the change
 * (some more for a ratio whose drift is to be known), 40 looks after it.
 *
 *   node models/dist/bench/short-history.js [--deployments 1000] [--seed 1]
 */
import { parseArgs } from 'node:util';
import {
  createRandom,
  mapArm,
  wilsonInterval,
  type Arm,
  type LiveMetric,
  type Snapshot,
} from '../src/index.js';
import { median } from 'simple-statistics';
import { syntheticRule } from './synthetic-service.js';
import { watchDeployment } from './watch-deployment.js';

const BEFORE = 30;
const LOOKS = 40;
const LENGTH = BEFORE + LOOKS;
/** Long enough to show the drift of a ratio, and too short for placebos. */
const BEFORE_WITH_DRIFT = 180;

interface Drawn {
  readonly treatment: Arm;
  readonly control?: Arm;
}

interface Scenario {
  readonly title: string;
  /** Intervals of history. */
  readonly before: number;
  readonly draw: (seed: number, isHarmful: boolean) => readonly Drawn[];
}

function autoregression(random: ReturnType<typeof createRandom>, phi: number, length = LENGTH): Float64Array {
  let state = random.normal();
  return Float64Array.from({ length }, () => {
    const now = state;
    state = phi * state + Math.sqrt(1 - phi ** 2) * random.normal();
    return now;
  });
}

/** Noise of 10 %; harm is +0.2 log units, as in the long benchmark. */
function gaugeScenario(title: string, phi: number, arms: 'before-after' | 'canary' | 'both'): Scenario {
  return {
    title: `${title}, AR(1) ${phi}`,
    before: BEFORE,
    draw: (seed, isHarmful) => {
      const random = createRandom(seed);
      const [common, own, other] = [0, 1, 2].map(() => autoregression(random, phi));
      const instance = arms === 'before-after' ? 0 : 0.1 * random.normal();
      const line = (noise: Float64Array | undefined, isTreatment: boolean): Float64Array =>
        Float64Array.from({ length: LENGTH }, (_, index) => {
          if (isTreatment && arms === 'canary' && index < BEFORE) return NaN;
          const mixed = Math.SQRT1_2 * ((noise?.[index] ?? 0) + (common?.[index] ?? 0));
          const harm = isTreatment && isHarmful && index >= BEFORE ? 0.2 : 0;
          return 100 * Math.exp(0.1 * mixed + (isTreatment ? instance : 0) + harm);
        });
      const treatment: Arm = { shape: 'gauge', values: line(own, true) };
      return arms === 'before-after'
        ? [{ treatment }]
        : [{ treatment, control: { shape: 'gauge', values: line(other, false) } }];
    },
  };
}

/**
 * Metrics of a canary without history; instances differ by `spread` log units (standard deviation), noise is 10 % at AR(1) 0.5; harm:
 * one metric twice as large from an onset on.
 */
function manyMetrics(count: number, spread: number, onset: number): Scenario {
  return {
    title: `canary of ${count} gauges without history, instances differ by ${spread} (harm: one × 2 from interval ${onset} on)`,
    before: BEFORE,
    draw: (seed, isHarmful) => {
      const random = createRandom(seed);
      return Array.from({ length: count }, (_, metric): Drawn => {
        const instance = spread * random.normal();
        const [own, other] = [autoregression(random, 0.5), autoregression(random, 0.5)];
        const treatment = own.map((noise, index) => {
          const harm = isHarmful && metric === 0 && index >= BEFORE + onset ? Math.LN2 : 0;
          return index < BEFORE ? NaN : 100 * Math.exp(0.1 * noise + instance + harm);
        });
        const control = other.map((noise) => 100 * Math.exp(0.1 * noise));
        return {
          treatment: { shape: 'gauge', values: treatment },
          control: { shape: 'gauge', values: control },
        };
      });
    },
  };
}

function ratioScenario(
  requests: number,
  share: number,
  quiet: number,
  harmful: number,
  arms: 'before-after' | 'canary',
): Scenario {
  const title = `${arms === 'canary' ? `canary with ${100 * share} % of` : 'before/after,'} ${requests} requests, errors ${100 * quiet} % (harm: ${100 * harmful} %)`;
  return {
    title,
    before: BEFORE,
    draw: (seed, isHarmful) => {
      const random = createRandom(seed);
      const arm = (part: number, isTreatment: boolean): Arm => {
        const totals = Float64Array.from({ length: LENGTH }, (_, index) =>
          isTreatment && arms === 'canary' && index < BEFORE
            ? NaN
            : random.poisson(requests * part * (1 + 0.5 * Math.sin(index / 9))),
        );
        const ratio = (index: number): number =>
          isTreatment && isHarmful && index >= BEFORE ? harmful : quiet;
        const events = totals.map((total, index) =>
          Number.isNaN(total) ? NaN : Math.min(total, random.poisson(total * ratio(index))),
        );
        return { shape: 'ratio', events, totals };
      };
      return arms === 'canary'
        ? [{ treatment: arm(share, true), control: arm(1 - share, false) }]
        : [{ treatment: arm(1, true) }];
    },
  };
}

/** Errors of 1 % before/after whose logarithm drifts as an autoregression of standard deviation `drift`; harm: 4 %. */
function driftingRatio(before: number, drift: number, phi: number): Scenario {
  return {
    title: `before/after, 1000 requests, errors 1 % (harm: 4 %) drifting by ${drift} log units at AR(1) ${phi}, ${before} intervals of history`,
    before,
    draw: (seed, isHarmful) => {
      const random = createRandom(seed);
      const line = autoregression(random, phi, before + LOOKS);
      const totals = line.map(() => random.poisson(1000));
      const events = totals.map((total, index) => {
        const ratio = (isHarmful && index >= before ? 0.04 : 0.01) * Math.exp(drift * (line[index] ?? 0));
        return Math.min(total, random.poisson(total * ratio));
      });
      return [{ treatment: { shape: 'ratio', events, totals } }];
    },
  };
}

const SCENARIOS: readonly Scenario[] = [
  ...[0, 0.5, 0.8].flatMap((phi) => [
    gaugeScenario('gauge before/after', phi, 'before-after'),
    gaugeScenario('gauge, canary without history against control', phi, 'canary'),
    gaugeScenario('gauge, both arms with history', phi, 'both'),
  ]),
  ...[0.02, 0.1].flatMap((spread) => [0, 15].map((onset) => manyMetrics(12, spread, onset))),
  ratioScenario(1000, 0.05, 0.001, 0.005, 'canary'),
  ratioScenario(1000, 0.5, 0.001, 0.005, 'canary'),
  ratioScenario(10_000, 0.1, 0.001, 0.005, 'canary'),
  ratioScenario(1000, 0.5, 0, 0.002, 'canary'),
  ratioScenario(1000, 1, 0.001, 0.005, 'before-after'),
  driftingRatio(BEFORE, 0.3, 0.9),
  driftingRatio(BEFORE_WITH_DRIFT, 0, 0.9),
  driftingRatio(BEFORE_WITH_DRIFT, 0.3, 0.9),
];

function cut(arm: Arm, from: number, to: number): Arm {
  return mapArm(arm, (line) => line.slice(from, to));
}

function watch(drawn: readonly Drawn[], before: number): number | undefined {
  const part = (from: number, to: number): readonly LiveMetric[] =>
    drawn.map(({ treatment, control }) => ({
      treatment: cut(treatment, from, to),
      ...(control === undefined ? {} : { control: cut(control, from, to) }),
    }));
  const history = part(0, before);
  const snapshot: Snapshot = {
    intervalMs: 60_000,
    changeAtMs: 0,
    changeIndex: before,
    plannedLooks: LOOKS,
    metrics: history.map((metric, index) => ({
      rule: { ...syntheticRule(index), shape: metric.treatment.shape },
      ...metric,
    })),
    excluded: [],
    alpha: 0.05,
    prior: 0.1,
    groupWeights: {},
    earliestContinue: 1,
    minCoverage: 0.5,
  };
  return watchDeployment(snapshot, part(before, before + LOOKS)).rolledBackAt;
}

function main(): void {
  const { values } = parseArgs({
    options: { deployments: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
  });
  const deployments = Number(values.deployments);
  const rate = (count: number): string => {
    const { low, high } = wilsonInterval(count, deployments);
    return `${((100 * count) / deployments).toFixed(1)} % [${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}]`;
  };
  console.log(
    `${deployments} deployments a cell, seed ${values.seed}, α = 5 %, ${BEFORE} intervals before unless said otherwise, a look at each of ${LOOKS} intervals; 95 % Wilson intervals.\n`,
  );
  console.log('| case | false rollbacks | harm found | median look |\n|---|---|---|---|');
  SCENARIOS.forEach(({ title, before, draw }, position) => {
    const run = (isHarmful: boolean): number[] =>
      Array.from({ length: deployments }, (_, index) =>
        watch(draw(Number(values.seed) * 1_000_000_000 + position * 1_000_000 + index, isHarmful), before),
      ).filter((look) => look !== undefined);
    const quiet = run(false);
    const harmed = run(true);
    console.log(
      `| ${title} | ${rate(quiet.length)} | ${rate(harmed.length)} | ${harmed.length === 0 ? '–' : median(harmed)} |`,
    );
  });
}

main();
