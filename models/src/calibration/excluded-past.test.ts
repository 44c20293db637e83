import { describe, expect, it } from 'vitest';
import type { Arm, Snapshot } from '../contract.js';
import { mapArm } from '../series/map-arm.js';
import { createRandom } from '../statistical/random.js';
import { assess, INITIAL_CARRIED } from '../verdict/assess.js';
import { HISTORY, LOOKS, noisyGauge, noisyRatio, testRule, testWatch } from '../verdict/test-watch.js';
import { calibrate } from './calibrate.js';
import { calibrateMetric } from './calibrated-metric.js';
import { gaugeViews } from './gauge-views.js';
import { quietHistories } from './quiet-past.js';
import { ratioSeries, ratioViews } from './ratio-views.js';
import { isFit, planReplay } from './replay-plan.js';

/** The verdict of a whole watch, with what calibration said of it. */
function verdict({ snapshot, live }: ReturnType<typeof testWatch>) {
  const calibration = calibrate(snapshot);
  let carried = INITIAL_CARRIED;
  let value = 'pending';
  for (let look = 1; look <= snapshot.plannedLooks && value === 'pending'; look++) {
    const assessment = assess(calibration, live, look, carried);
    ({ carried, value } = assessment);
  }
  return { value, summary: calibration.summary };
}

/** As bad as after the change from `from` to `to` too; the change multiplies by `factor`. */
function failedBefore(arm: Arm, from: number, to: number, factor: number): Arm {
  const worsen = (values: Float64Array): Float64Array =>
    values.map((value, index) => (index >= from && index < to ? value * factor : value));
  return arm.shape === 'ratio' ? { ...arm, events: worsen(arm.events) } : mapArm(arm, worsen);
}

describe('a release that is as bad as the failed one just before it', () => {
  const ratioRule = { minEffect: { absolute: 0.002 }, tolerance: { absolute: 0.005 } };

  it.each([
    ['gauge', noisyGauge(1, 1.8), 1.8, {}],
    ['ratio', noisyRatio(2, 0.002, 0.04), 20, ratioRule],
  ] as const)('is rolled back: %s', (_, treatment, factor, rule) => {
    const bad = failedBefore(treatment, HISTORY - 40, HISTORY - 2, factor);
    const watch = testWatch([{ rule, treatment: bad }], { excluded: [[HISTORY - 42, HISTORY]] });
    const { value, summary } = verdict(watch);
    expect(summary.guarantee).toBe('placebo');
    expect(value).toBe('rollback');
  });

  it('is rolled back by an e-process', () => {
    const bad = failedBefore(noisyGauge(3, 1.8, 60), 20, 60, 1.8);
    const { value, summary } = verdict(testWatch([{ treatment: bad }], { excluded: [[20, 60]] }, 60));
    expect(summary).toMatchObject({ guarantee: 'sequential', historyMs: 20 * 60_000 });
    expect(value).toBe('rollback');
    expect(summary.reasons).toContainEqual(
      expect.objectContaining({
        code: 'before-after',
        text: expect.stringContaining('40 intervals') as string,
      }),
    );
  });

  it('is rolled back by an e-process from what lies further back', () => {
    const bad = failedBefore(noisyGauge(3, 1.8, 100), 30, 100, 1.8);
    expect(verdict(testWatch([{ treatment: bad }], { excluded: [[30, 100]] }, 100)).value).toBe('rollback');
  });

  it('has no baseline when nothing else is left', () => {
    const { value, summary } = verdict(
      testWatch([{ treatment: noisyGauge(4, 1, 40) }], { excluded: [[5, 40]] }, 40),
    );
    expect(summary.reasons.map((reason) => reason.code)).toContain('no-baseline');
    expect(value).toBe('inconclusive');
  });
});

describe('a ratio after an excluded incident', () => {
  it('is compared with the quiet intervals around it', () => {
    const treatment = failedBefore(noisyRatio(5, 0.001, 0.02), HISTORY - 220, HISTORY - 70, 80);
    const rule = { minEffect: { absolute: 0.002 }, tolerance: { absolute: 0.005 } };
    const watch = testWatch([{ rule, treatment }], { excluded: [[HISTORY - 220, HISTORY - 70]] });
    expect(verdict(watch).value).toBe('rollback');
  });
});

describe('excluded intervals', () => {
  it.each([
    ['gauge', noisyGauge(6), undefined],
    ['gauge with control', noisyGauge(7), noisyGauge(8)],
    ['ratio', noisyRatio(9, 0.02, 0.02), undefined],
    ['ratio with control', noisyRatio(10, 0.02, 0.02), noisyRatio(11, 0.02, 0.02)],
  ])('change nothing, whatever they hold: %s', (_, treatment, control) => {
    const excluded: Snapshot['excluded'] = [
      [300, 340],
      [HISTORY - 150, HISTORY - 130],
      [HISTORY - 30, HISTORY],
    ];
    const calibrated = (factor: number) => {
      const spoil = (arm: Arm): Arm =>
        excluded.reduce((spoilt, [from, to]) => failedBefore(spoilt, from, to, factor), arm);
      const metric = control === undefined ? {} : { control: spoil(control) };
      return calibrate(testWatch([{ treatment: spoil(treatment), ...metric }], { excluded }).snapshot);
    };
    expect(calibrated(7)).toEqual(calibrated(1));
  });

  it('keep placebos from their last intervals too, so that their baselines are as stale', () => {
    const { snapshot } = testWatch([{ treatment: noisyGauge(14) }], { excluded: [[HISTORY - 45, HISTORY]] });
    const plan = { ...planReplay(snapshot), lags: [200] };
    const at = 700;
    const base = noisyGauge(15);
    const counts = noisyRatio(16, 0.02, 0.02);
    if (base.shape !== 'gauge' || counts.shape !== 'ratio') throw new Error('other shapes');
    const views = (from: number, to: number) => {
      const hit = (values: Float64Array) => values.map((v, i) => (i >= from && i < to ? 3 * v : v));
      const events = hit(counts.events);
      const line = hit(base.values);
      return {
        gauge: gaugeViews(
          { values: line, reference: base.values, control: base.values },
          at,
          plan,
          plan.before,
        ),
        ratio: ratioViews(ratioSeries({ ...counts, events }, counts, plan), at, plan),
      };
    };
    expect(plan.gap).toBe(45);
    expect(views(at - 45, at)).toEqual(views(0, 0));
    expect(views(at - 105, at - 45)).not.toEqual(views(0, 0));
  });

  it('leave the live watch one of the placebos, at the same distance from its baseline', () => {
    const treatment = noisyGauge(12);
    const { snapshot, live } = testWatch([{ treatment }], { excluded: [[HISTORY - 45, HISTORY]] });
    const calibration = calibrate(snapshot);
    let carried = INITIAL_CARRIED;
    for (let look = 1; look <= snapshot.plannedLooks; look++)
      carried = assess(calibration, live, look, carried).carried;
    const plan = planReplay(snapshot);
    const [quiet] = quietHistories(snapshot);
    if (quiet?.treatment.shape !== 'gauge' || treatment.shape !== 'gauge') throw new Error('a gauge');
    const values = Float64Array.of(...quiet.treatment.values, ...treatment.values.subarray(HISTORY));
    const itself = Array<number>(isFit(plan.placebos.length) ? 2 : 1).fill(plan.changeIndex);
    const replayed = calibrateMetric(
      { rule: testRule({}), treatment: { shape: 'gauge', values } },
      { ...plan, placebos: [...plan.placebos, ...itself] },
    );
    expect(replayed?.peaks.at(-1)).toBeCloseTo(carried.peak, 1);
  });
});

/** Autoregression of standard deviation 1. */
function autoregression(random: ReturnType<typeof createRandom>, length: number, phi: number): Float64Array {
  let state = random.normal();
  return Float64Array.from({ length }, () => {
    const now = state;
    state = phi * state + Math.sqrt(1 - phi ** 2) * random.normal();
    return now;
  });
}

function rollbacks(deployments: number, draw: (seed: number) => ReturnType<typeof testWatch>): number {
  let count = 0;
  for (let seed = 1; seed <= deployments; seed++) if (verdict(draw(seed)).value === 'rollback') count++;
  return count;
}

const anything = { minEffect: {}, tolerance: {} };

// At α = 5 % exactly, Binomial(80, α) exceeds 14 with a probability below 1e-4.
describe('harmless changes', () => {
  it('are spared some hours after the release began, whatever it did to the time between', () => {
    const [before, gap, day] = [720, 30, 144];
    const history = before + gap;
    const count = rollbacks(80, (seed) => {
      const random = createRandom(seed);
      const noise = autoregression(random, history + LOOKS, 0.5);
      const phase = 2 * Math.PI * random.uniform();
      const values = noise.map((value, index) => {
        const isTreated = index >= before && index < history;
        const wave = 0.4 * Math.sin((2 * Math.PI * index) / day + phase);
        return 100 * Math.exp(0.1 * value + wave + (isTreated ? 0.5 : 0));
      });
      const settings = { intervalMs: 600_000, plannedLooks: 12, excluded: [[before, history]] as const };
      return testWatch([{ rule: anything, treatment: { shape: 'gauge', values } }], settings, history);
    });
    expect(count).toBeLessThanOrEqual(14);
  }, 60_000);

  it.each([60, 160])(
    'are spared where a ratio drifts and only its own last %i intervals are known',
    (history) => {
      const count = rollbacks(80, (seed) => {
        const random = createRandom(seed);
        const drift = autoregression(random, history + LOOKS, 0.9);
        const totals = drift.map(() => random.poisson(1000));
        const events = totals.map((total, index) =>
          Math.min(total, random.poisson(0.01 * total * Math.exp(0.3 * (drift[index] ?? 0)))),
        );
        const treatment: Arm = { shape: 'ratio', events, totals };
        return testWatch([{ rule: anything, treatment }], {}, history);
      });
      expect(count).toBeLessThanOrEqual(14);
    },
    60_000,
  );
});

describe('a ratio without control and placebos', () => {
  const harmful = (history: number) =>
    verdict(
      testWatch([{ rule: anything, treatment: noisyRatio(13, 0.01, 0.04, 1000, history) }], {}, history),
    );

  it('is rolled back once its own drift is known', () => {
    expect(harmful(160)).toMatchObject({ value: 'rollback', summary: { guarantee: 'sequential' } });
  });

  it('is not judged harmful before that, and says so', () => {
    const { value, summary } = harmful(60);
    expect(value).toBe('inconclusive');
    expect(summary.reasons).toContainEqual(
      expect.objectContaining({
        code: 'before-after',
        text: expect.stringContaining('cannot roll back') as string,
      }),
    );
  });
});
