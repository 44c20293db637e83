import { describe, expect, it } from 'vitest';
import { sampleSnapshot } from '../../engine/sample-snapshot.test-support.js';
import { recentHistory } from './recent-history.js';

const LENGTH = 1_000;
const count = (from: number) => Float64Array.from({ length: LENGTH }, (_, i) => from + i);
const snapshot = sampleSnapshot(
  {
    treatment: { shape: 'ratio', events: count(0), totals: count(5_000) },
    control: { shape: 'gauge', values: count(9_000) },
  },
  { excluded: [[1, 2]] },
);

describe('recentHistory', () => {
  it('keeps the end of every array, in memory of its own', () => {
    const recent = recentHistory(snapshot, 3);
    expect(recent.changeIndex).toBe(3);
    expect(recent.metrics).toEqual([
      {
        rule: snapshot.metrics[0]?.rule,
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
