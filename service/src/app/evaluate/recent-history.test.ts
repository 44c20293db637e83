import type { Snapshot } from '@bellwether/models';
import { describe, expect, it } from 'vitest';
import { recentHistory } from './recent-history.js';

const LENGTH = 1_000;
const count = (from: number) => Float64Array.from({ length: LENGTH }, (_, i) => from + i);
const rule: Snapshot['metrics'][number]['rule'] = {
  name: 'error ratio',
  kind: 'error',
  direction: 'up',
  unit: 'ratio',
  shape: 'ratio',
  minEffect: { relative: 0.1 },
  tolerance: { relative: 0.1 },
  criticality: 'normal',
  weight: 1,
  required: true,
  warmupLooks: 0,
};
const snapshot: Snapshot = {
  intervalMs: 1_000,
  changeAtMs: 0,
  changeIndex: LENGTH,
  plannedLooks: 10,
  metrics: [
    {
      rule,
      treatment: { shape: 'ratio', events: count(0), totals: count(5_000) },
      control: { shape: 'gauge', values: count(9_000) },
    },
  ],
  excluded: [[1, 2]],
  alpha: 0.05,
  prior: 0.1,
  groupWeights: {},
  earliestContinue: 0.5,
  minCoverage: 0.7,
};

describe('recentHistory', () => {
  it('keeps the end of every array, in memory of its own', () => {
    const recent = recentHistory(snapshot, 3);
    expect(recent.changeIndex).toBe(3);
    expect(recent.metrics).toEqual([
      {
        rule,
        treatment: {
          shape: 'ratio',
          events: Float64Array.of(997, 998, 999),
          totals: Float64Array.of(5_997, 5_998, 5_999),
        },
        control: { shape: 'gauge', values: Float64Array.of(9_997, 9_998, 9_999) },
      },
    ]);
    const control = recent.metrics[0]?.control;
    expect(control?.shape === 'gauge' && control.values.buffer.byteLength).toBe(24);
  });

  it('keeps all of a history that is shorter', () => {
    expect(recentHistory(snapshot, 2 * LENGTH).metrics).toEqual(snapshot.metrics);
  });
});
