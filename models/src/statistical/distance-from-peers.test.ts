import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate } from '../calibration/calibrate.js';
import { assess, INITIAL_CARRIED } from '../verdict/assess.js';
import { HISTORY, LOOKS, testWatch } from '../verdict/test-watch.js';
import { distanceFromPeers } from './distance-from-peers.js';
import { createRandom } from './random.js';

interface PeersCase {
  readonly peers: readonly (readonly (number | null)[])[];
  readonly distances: readonly (number | null)[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/distance-from-peers.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly PeersCase[] };

/** Instances of one service under one daily wave, each at a level of its own; the first one is `factor` times as slow from the change on. */
function instances(seed: number, count: number, factor: number): readonly Float64Array[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, instance) => {
    const level = 100 * (1 + 0.02 * random.normal());
    let state = random.normal();
    return Float64Array.from({ length: HISTORY + LOOKS }, (_unused, index) => {
      state = 0.5 * state + Math.sqrt(0.75) * random.normal();
      const sick = instance === 0 && index >= HISTORY ? factor : 1;
      return level * Math.exp(0.3 * Math.sin((2 * Math.PI * index) / 288) + 0.05 * state) * sick;
    });
  });
}

function meanOf(peers: readonly Float64Array[]): Float64Array {
  return Float64Array.from({ length: HISTORY + LOOKS }, (_, index) => {
    return peers.reduce((sum, values) => sum + (values[index] ?? NaN), 0) / peers.length;
  });
}

function isRolledBack(values: Float64Array, relative: number): boolean {
  const { snapshot, live } = testWatch(
    [{ rule: { minEffect: { relative } }, treatment: { shape: 'gauge', values } }],
    { intervalMs: 300_000 },
  );
  return assess(calibrate(snapshot), live, LOOKS, INITIAL_CARRIED).value === 'rollback';
}

describe('distanceFromPeers', () => {
  it.each(cases)('matches numpy (%#)', ({ peers, distances }) => {
    const lines = peers.map((line) => Float64Array.from(line, (value) => value ?? NaN));
    const found = distanceFromPeers(lines, distances.length);
    expect(found).toHaveLength(distances.length);
    distances.forEach((distance, moment) => {
      if (distance === null) expect(found[moment]).toBeNaN();
      else expect(found[moment]).toBeCloseTo(distance, 9);
    });
  });

  it('has no value where fewer than three peers have one', () => {
    const peers = [Float64Array.of(1, NaN, 1), Float64Array.of(2, 2, Infinity), Float64Array.of(4, 4, 4)];
    expect(distanceFromPeers(peers, 3)).toEqual(Float64Array.of(2, NaN, NaN));
    expect(distanceFromPeers([], 2)).toEqual(Float64Array.of(NaN, NaN));
  });

  it('ignores the order of the peers, what moves them all, and grows with their scale', () => {
    const lines = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(lines, fc.integer({ min: -500, max: 500 }), (values, by) => {
        const distance = (each: readonly number[]): number =>
          distanceFromPeers(
            each.map((value) => Float64Array.of(value)),
            1,
          )[0] ?? NaN;
        const own = distance(values);
        expect(own).toBeGreaterThanOrEqual(0);
        expect(distance(values.toReversed())).toBe(own);
        expect(distance(values.map((value) => value + by))).toBe(own);
        expect(distance(values.map((value) => -2 * value))).toBe(2 * own);
      }),
      { seed: 5 },
    );
  });

  // At α = 5 % Binomial(60, α) exceeds 10 with a probability below 1e-3; 30 replays are half of what the season leaves of the history.
  it.each([3, 10])('keeps the error rate when nothing changed: %d instances', (count) => {
    let rolledBack = 0;
    for (let seed = 1; seed <= 60; seed++)
      if (isRolledBack(distanceFromPeers(instances(seed, count, 1), HISTORY + LOOKS), 0)) rolledBack++;
    expect(rolledBack).toBeLessThanOrEqual(10);
  });

  it('finds one slow instance of ten, which their mean hides', () => {
    let [apart, mean] = [0, 0];
    for (let seed = 1; seed <= 20; seed++) {
      const peers = instances(seed, 10, 1.5);
      if (isRolledBack(distanceFromPeers(peers, HISTORY + LOOKS), 1)) apart++;
      if (isRolledBack(meanOf(peers), 0.1)) mean++;
    }
    expect(apart).toBeGreaterThanOrEqual(19);
    expect(mean).toBeLessThanOrEqual(4);
  });
});
