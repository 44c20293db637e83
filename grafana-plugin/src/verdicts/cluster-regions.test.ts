import { describe, expect, it } from 'vitest';
import { clusterRegions } from './cluster-regions.js';
import { region, wireVerdict } from './region.test-support.js';

const MINUTE = 60_000;
const at = (minutes: number, verdict: 'continue' | 'rollback' | 'pending' = 'continue') =>
  region({ id: `d-${minutes}`, latestVerdict: wireVerdict({ verdict }) }, minutes);

describe('deployments near to each other', () => {
  it('become one marker that shows the worst verdict', () => {
    const [cluster, ...rest] = clusterRegions([at(0), at(1, 'rollback'), at(2)], 2 * MINUTE);
    expect(rest).toEqual([]);
    expect(cluster?.verdict).toBe('rollback');
    expect(cluster?.regions.map(({ id }) => id)).toEqual(['d-0', 'd-1', 'd-2']);
  });

  it('do not chain: the width counts from the first one', () => {
    const found = clusterRegions([at(0), at(1), at(2), at(3)], 1 * MINUTE);
    expect(found.map(({ regions }) => regions.length)).toEqual([2, 2]);
  });

  it('keeps every deployment, in the order of time, whatever order they came in', () => {
    const found = clusterRegions([at(9), at(0), at(5)], 0);
    expect(found.flatMap(({ regions }) => regions.map(({ id }) => id))).toEqual(['d-0', 'd-5', 'd-9']);
  });

  it('of none are none', () => {
    expect(clusterRegions([], MINUTE)).toEqual([]);
  });
});
