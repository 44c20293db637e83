import type { MetricHistory } from '@bellwether/models';
import { describe, expect, it } from 'vitest';
import { trimEmptyPast } from './trim-empty-past.js';

const history = (values: readonly number[], control?: readonly number[]): MetricHistory =>
  ({
    rule: { criticality: 'normal' },
    treatment: { shape: 'gauge', values: Float64Array.from(values) },
    ...(control ? { control: { shape: 'gauge', values: Float64Array.from(control) } } : {}),
  }) as MetricHistory;

describe('trimEmptyPast', () => {
  it('cuts what no metric has, and keeps all on one grid', () => {
    const { metrics, cut } = trimEmptyPast([history([NaN, NaN, NaN, 1]), history([NaN, NaN, 2, NaN])]);
    expect(cut).toBe(2);
    expect(metrics).toEqual([history([NaN, 1]), history([2, NaN])]);
  });
  it('counts the control group of a canary that has no past of its own', () => {
    expect(trimEmptyPast([history([NaN, NaN, NaN], [NaN, 1, 2])])).toEqual({
      cut: 1,
      metrics: [history([NaN, NaN], [1, 2])],
    });
  });
  it('leaves a full past alone and keeps one interval of an empty one', () => {
    expect(trimEmptyPast([history([1, NaN])]).cut).toBe(0);
    expect(trimEmptyPast([history([NaN, NaN, NaN])])).toEqual({ cut: 2, metrics: [history([NaN])] });
    expect(trimEmptyPast([]).cut).toBe(0);
  });
  it('goes by what decides, however old an advisory metric is', () => {
    const older = history([1, 2, 3]);
    const advisory = { ...older, rule: { ...older.rule, criticality: 'advisory' as const } };
    const { metrics, cut } = trimEmptyPast([history([NaN, NaN, 1]), advisory]);
    expect([cut, metrics[1]?.treatment]).toEqual([2, history([3]).treatment]);
    expect(trimEmptyPast([advisory]).cut).toBe(0);
  });
});
