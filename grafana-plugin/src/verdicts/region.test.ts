import { describe, expect, it } from 'vitest';
import { onsetOf, overlaps, regionOf } from './region.js';
import { listedDeployment, NOON_MS, region, wireVerdict } from './region.test-support.js';

const MINUTE = 60_000;

describe('the stretch of a deployment', () => {
  it('ends with the interval that a final verdict speaks of', () => {
    expect(region()).toMatchObject({ fromMs: NOON_MS, toMs: NOON_MS + 6 * MINUTE, verdict: 'rollback' });
  });

  it('grows with the present while the watch runs', () => {
    const { latestVerdict: _none, ...running } = listedDeployment({ state: 'running' });
    expect(regionOf(running, NOON_MS + 3 * MINUTE)).toMatchObject({
      toMs: NOON_MS + 3 * MINUTE,
      verdict: 'pending',
    });
  });

  it('never ends before it begins, also where clocks disagree', () => {
    const early = wireVerdict({ asOf: new Date(NOON_MS - MINUTE).toISOString() });
    expect(region({ latestVerdict: early }).toMs).toBe(NOON_MS);
  });

  it('ends when it was written where no interval was looked at', () => {
    const superseded = wireVerdict({ verdict: 'superseded', look: 0 });
    expect(region({ latestVerdict: superseded }).toMs).toBe(NOON_MS + 7 * MINUTE);
  });

  it('is in a range that it touches', () => {
    expect(overlaps(region(), NOON_MS + 6 * MINUTE, NOON_MS + 9 * MINUTE)).toBe(true);
    expect(overlaps(region(), NOON_MS + 6 * MINUTE + 1, NOON_MS + 9 * MINUTE)).toBe(false);
  });

  it('says when the shift began', () => {
    expect(onsetOf(region())).toBe(NOON_MS + MINUTE);
    expect(onsetOf(region({ latestVerdict: wireVerdict({ metrics: [] }) }))).toBeUndefined();
  });
});
