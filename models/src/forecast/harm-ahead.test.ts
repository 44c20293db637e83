import { describe, expect, it } from 'vitest';
import { calibrate } from '../calibration/calibrate.js';
import type { Arm, Assessment } from '../contract.js';
import { createRandom } from '../statistical/random.js';
import { assess, INITIAL_CARRIED } from '../verdict/assess.js';
import { HISTORY, LOOKS, testWatch, type TestMetric } from '../verdict/test-watch.js';

/** Memory at 100 with noise of 0.2 that leaks so much an interval from the change on. */
function leaking(seed: number, leak: number): Arm {
  const random = createRandom(seed);
  const values = Float64Array.from(
    { length: HISTORY + LOOKS },
    (_, index) => 100 + 0.2 * random.normal() + leak * Math.max(0, index - HISTORY),
  );
  return { shape: 'gauge', values };
}

const memory = (treatment: Arm, horizonLooks?: number): TestMetric => ({
  rule: {
    name: 'memory',
    kind: 'saturation',
    minEffect: { relative: 0.15 },
    tolerance: { relative: 0.3 },
    ...(horizonLooks === undefined ? {} : { horizonLooks }),
  },
  treatment,
});

function verdicts(metric: TestMetric): readonly Assessment[] {
  const { snapshot, live } = testWatch([metric]);
  const calibration = calibrate(snapshot);
  const found: Assessment[] = [];
  let carried = INITIAL_CARRIED;
  for (let look = 1; look <= LOOKS; look++) {
    const assessment = assess(calibration, live, look, carried);
    carried = assessment.carried;
    found.push(assessment);
  }
  return found;
}

const rollbackAt = (found: readonly Assessment[]): number | undefined =>
  found.find(({ value }) => value === 'rollback')?.look;

describe('harm ahead', () => {
  it('rolls back a leak before it is as large as the practical minimum, only where the policy asks for it', () => {
    const without = verdicts(memory(leaking(1, 0.4)));
    expect(rollbackAt(without)).toBeUndefined();
    const within = verdicts(memory(leaking(1, 0.4), 60));
    const look = rollbackAt(within);
    expect(look).toBeGreaterThanOrEqual(8);
    const decided = within.find(({ value }) => value === 'rollback');
    expect(decided?.rule).toBe('calibrated-evidence');
    expect(decided?.p).toBeLessThanOrEqual(0.05);
    expect(decided?.reasons[0]).toMatchObject({ code: 'harm-forecast', metric: 'memory' });
  });

  it('keeps still where the same leak does not get there within the horizon', () => {
    expect(rollbackAt(verdicts(memory(leaking(1, 0.4), 10)))).toBeUndefined();
  });

  it('keeps still where the metric moved and then stayed', () => {
    const random = createRandom(3);
    const stepped = Float64Array.from(
      { length: HISTORY + LOOKS },
      (_, index) => 100 + 0.5 * random.normal() + (index >= HISTORY ? 5 : 0),
    );
    const found = verdicts(memory({ shape: 'gauge', values: stepped }, 60));
    expect(found.at(-1)?.p).toBeLessThanOrEqual(0.05);
    expect(rollbackAt(found)).toBeUndefined();
  });

  it('never rolls back without evidence at α: the same quiet watches have the same p, and no more rollbacks than α', () => {
    const trials = 60;
    let rolledBack = 0;
    for (let seed = 0; seed < trials; seed++) {
      const within = verdicts(memory(leaking(100 + seed, 0), 2000));
      const without = verdicts(memory(leaking(100 + seed, 0)));
      expect(within.map(({ p }) => p)).toEqual(without.map(({ p }) => p));
      const first = within.find(({ value }) => value === 'rollback');
      if (first === undefined) continue;
      rolledBack++;
      expect(first.p).toBeLessThanOrEqual(0.05);
    }
    // Binomial(60, 0.05): 3 expected, 8 is three standard deviations above.
    expect(rolledBack).toBeLessThanOrEqual(8);
  });
});
