import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calibrate } from '../calibration/calibrate.js';
import { declaredLooks } from '../calibration/learned-replay.js';
import { assessAndExplain } from '../explanation/assess-and-explain.js';
import type { Arm, Carried, LiveMetric, Snapshot } from '../contract.js';
import { FEATURE_NAMES } from '../learned/feature-names.js';
import { loadLearnedScorer } from '../learned/learned-scorer.js';
import type { WindowScorer } from '../learned/look-window.js';
import { SHIPPED_MODEL } from '../learned/shipped-model.js';
import { INPUT_SIZE, LINES_SIZE } from '../learned/window-shape.js';
import { stepsAt, windowSteps } from '../learned/window-steps.js';
import { forwardAll } from '../series/transform.js';
import { askable, windowAt } from './ask-learned.js';
import { assess, INITIAL_CARRIED } from './assess.js';
import { LOOKS, noisyGauge, testWatch, type TestMetric } from './test-watch.js';

const FEATURE = LINES_SIZE + FEATURE_NAMES.indexOf('today:dominance');
const MODEL = { model: 'one-feature/1', sha256: '0' };

/** A model that knows one statistic: what is tested is not how well it ranks. */
function oneFeature(onAsked: (count: number) => void = () => undefined): WindowScorer {
  return {
    model: MODEL.model,
    backend: 'cpu',
    score(batch, count) {
      onAsked(count);
      return Float32Array.from(
        { length: count },
        (_, window) => 10 * (batch[window * INPUT_SIZE + FEATURE] ?? 0),
      );
    },
  };
}

function watch(metrics: readonly TestMetric[], settings: Partial<Snapshot> = {}) {
  return testWatch(metrics, { learned: MODEL, ...settings });
}

function carriedTo(
  look: number,
  { snapshot, live }: ReturnType<typeof watch>,
  scorer?: WindowScorer,
): Carried {
  const calibration = calibrate(snapshot, scorer);
  let carried = INITIAL_CARRIED;
  for (let each = 1; each <= look; each++) ({ carried } = assess(calibration, live, each, carried, scorer));
  return carried;
}

describe('the learned scorer in a watch', () => {
  it('is asked at the quarters of the watch alone', () => {
    expect(declaredLooks(60)).toEqual([15, 30, 45, 60]);
    expect(declaredLooks(6)).toEqual([2, 3, 5, 6]);
    expect(declaredLooks(1)).toEqual([]);
    const asked: number[] = [];
    const { snapshot, live } = watch([{ treatment: noisyGauge(1) }, { treatment: noisyGauge(2) }]);
    const calibration = calibrate(snapshot, oneFeature());
    let carried = INITIAL_CARRIED;
    for (let look = 1; look <= LOOKS; look++) {
      const scorer = oneFeature((count) => asked.push(...Array.from({ length: count }, () => look)));
      ({ carried } = assess(calibration, live, look, carried, scorer));
    }
    // Both metrics at once.
    expect(asked).toEqual([5, 5, 10, 10, 15, 15, 20, 20]);
  });

  it('changes nothing of a watch that names no model, and is missed with a word where one is named', () => {
    const { snapshot, live } = testWatch([{ treatment: noisyGauge(3, 1.2) }]);
    const plain = calibrate(snapshot);
    expect(calibrate(snapshot, oneFeature())).toEqual(plain);
    expect(assess(plain, live, LOOKS, INITIAL_CARRIED, oneFeature())).toEqual(
      assess(plain, live, LOOKS, INITIAL_CARRIED),
    );
    const missed = calibrate({ ...snapshot, learned: MODEL });
    expect(missed.summary.reasons).toContainEqual(
      expect.objectContaining({
        code: 'learned-scorer-missing',
        text: expect.stringContaining('one-feature/1') as string,
      }),
    );
    expect({ ...missed, summary: plain.summary }).toEqual(plain);
    const { reasons: _said, ...judged } = assess(missed, live, LOOKS, INITIAL_CARRIED);
    expect(assess(plain, live, LOOKS, INITIAL_CARRIED)).toMatchObject(judged);
    const other = { ...oneFeature(), model: 'another/1' };
    expect(calibrate({ ...snapshot, learned: MODEL }, other).summary.learned).toBeUndefined();
  });

  it.each([1, 7, LOOKS])('sees at look %i what a placebo at this moment would be seen as', (look) => {
    const [own, control] = [noisyGauge(4, 1.1), noisyGauge(40)];
    const { snapshot, live } = watch([{ treatment: own, control, rule: { warmupLooks: 2 } }]);
    const [metric] = calibrate(snapshot, oneFeature()).metrics;
    const asked = metric && askable(metric);
    const window = metric && windowAt(metric, live[0] ?? { treatment: own }, look);
    if (asked === undefined || window === undefined) throw new Error('nobody was asked');
    const whole = (arm: Arm): Float64Array =>
      forwardAll(asked.model.transform, arm.shape === 'gauge' ? arm.values : new Float64Array(0));
    const steps = windowSteps(whole(own), whole(control), asked.scan.place, stepsAt(look, LOOKS));
    expect(window.steps).toEqual(steps);
    expect(window).toMatchObject({ end: look, warmup: 2, direction: 'up' });
  });

  it('keeps its last word between the looks, over a restart too, and needs nobody for it', () => {
    const loud = watch([{ treatment: noisyGauge(5, 1.3) }]);
    const scorer = oneFeature();
    const calibration = calibrate(loud.snapshot, scorer);
    const carried = carriedTo(5, loud, scorer);
    expect(carried.learned?.[0]?.atLook).toBe(5);
    const stored = JSON.parse(JSON.stringify(carried)) as Carried;
    const next = assess(calibration, loud.live, 6, stored);
    expect(next.carried.learned).toEqual(carried.learned);
    expect(next).toEqual(assess(calibration, loud.live, 6, carried, scorer));
  });

  it('is asked about late metrics later, and never about what is behind the look', () => {
    const late = watch([{ treatment: noisyGauge(6, 1.3), rule: { lateLooks: 3 } }]);
    const scorer = oneFeature();
    expect(carriedTo(7, late, scorer).learned).toEqual([{ score: 0, atLook: 0 }]);
    expect(carriedTo(8, late, scorer).learned?.[0]?.atLook).toBe(8);
    const hidden: readonly LiveMetric[] = late.live.map(({ treatment }) => ({
      treatment: {
        shape: 'gauge',
        values:
          treatment.shape === 'gauge'
            ? treatment.values.map((v, i) => (i < 5 ? v : 1e9))
            : new Float64Array(),
      },
    }));
    expect(carriedTo(8, { ...late, live: hidden }, scorer)).toEqual(carriedTo(8, late, scorer));
  });

  it('is not asked about ratios, nor where nothing may be compared with the time before', () => {
    const { snapshot } = watch([{ treatment: noisyGauge(7) }], {
      baselines: ['daily'],
      intervalMs: 3_600_000,
    });
    expect(calibrate(snapshot, oneFeature()).metrics.map(askable)).toEqual([undefined]);
  });

  it('keeps the false-rollback rate', { timeout: 120_000 }, () => {
    const alpha = 0.2;
    let rolledBack = 0;
    const pasts = 50;
    for (let past = 0; past < pasts; past++) {
      const quiet = watch([{ treatment: noisyGauge(1000 + past) }], { alpha });
      rolledBack += Number(carriedTo(LOOKS, quiet, oneFeature()).p <= alpha);
    }
    // 10 are expected; each end is passed by chance once in 1,000 times.
    expect(rolledBack).toBeGreaterThanOrEqual(2);
    expect(rolledBack).toBeLessThanOrEqual(20);
  });

  it('says on which stretches its word rests', async () => {
    const shipped = readFileSync(new URL('../../artifacts/window-mixer/1.0.0/weights.bin', import.meta.url));
    const scorer = await loadLearnedScorer(shipped, ['wasm']);
    const loud = watch([{ treatment: noisyGauge(8, 1.5) }], { learned: SHIPPED_MODEL });
    const calibration = calibrate(loud.snapshot, scorer);
    expect(calibration.summary.learned).toEqual({ ...SHIPPED_MODEL, backend: 'wasm' });
    const { carried } = assess(calibration, loud.live, 5, INITIAL_CARRIED, scorer);
    const { explanation } = assessAndExplain(calibration, loud.live, 6, carried, scorer);
    const part = explanation?.metrics[0]?.scorers.find((each) => each.scorer === 'learned');
    expect(part).toMatchObject({ atLook: 5, restsOn: [{ fromLook: 0, toLook: 5 }] });
    expect(part?.score).toBeGreaterThan(1);
  });
});
