import { describe, expect, it } from 'vitest';
import { ruleOf } from '../app/window/metric-rule.js';
import { metricSpec } from './metric-spec.js';

const memory = {
  name: 'resident memory',
  kind: 'saturation',
  unit: 'bytes',
  signal: { type: 'gauge', series: { metric: 'process_resident_memory_bytes' } },
};

const problems = (over: object): readonly (readonly PropertyKey[])[] =>
  metricSpec.safeParse({ ...memory, ...over }).error?.issues.map(({ path }) => path) ?? [];

describe('horizon and ceiling of a metric', () => {
  it('reach the science in intervals, and are off unless they are set', () => {
    const timing = { intervalMs: 60_000, settleMs: 0 };
    const rule = ruleOf(metricSpec.parse({ ...memory, horizon: '90s', ceiling: 4e9 }), timing);
    expect(rule).toMatchObject({ horizonLooks: 2, ceiling: 4e9 });
    const plain = ruleOf(metricSpec.parse(memory), timing);
    expect(plain).not.toHaveProperty('horizonLooks');
    expect(plain).not.toHaveProperty('ceiling');
  });

  it('are refused where they could not act, by the name of the field', () => {
    expect(problems({ horizon: '1h', criticality: 'advisory' })).toEqual([['horizon']]);
    expect(problems({ horizon: '0s' })).toEqual([['horizon']]);
    const histogram = { type: 'histogram', series: { metric: 'latency_seconds' } };
    expect(problems({ horizon: '1h', signal: histogram })).toEqual([['horizon']]);
    expect(problems({ ceiling: 2, signal: histogram })).toEqual([['ceiling']]);
  });
});
