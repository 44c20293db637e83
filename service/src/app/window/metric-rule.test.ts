import { describe, expect, it } from 'vitest';
import { policyInput } from '../../api/policy.js';
import type { MetricSpec } from '../../domain/policy.js';
import { ruleOf } from './metric-rule.js';

const signal = { type: 'ratio', events: { metric: 'errors' }, total: { metric: 'requests' } };
const TIMES = { intervalMs: 30_000, settleMs: 60_000 };
function specOf(change: object): MetricSpec {
  const metrics = [{ name: 'errors', kind: 'error', signal, ...change }];
  const [spec] = policyInput.parse({ interval: '30s', metrics }).metrics;
  if (spec === undefined) throw new Error('a policy has a metric');
  return spec;
}

describe('the rule of a metric', () => {
  it('counts a burn rate in intervals, with the windows that page by default', () => {
    expect(ruleOf(specOf({ burnRate: { objective: 0.999 } }), TIMES).burnRate).toEqual({
      objective: 0.999,
      fewestEvents: 10,
      windows: [
        { limit: 14.4, longLooks: 120, shortLooks: 10 },
        { limit: 6, longLooks: 720, shortLooks: 60 },
      ],
    });
  });

  it('is late by what its samples need beyond what every look waits for', () => {
    expect(ruleOf(specOf({}), TIMES)).not.toHaveProperty('lateLooks');
    expect(ruleOf(specOf({ settle: '60s' }), TIMES)).not.toHaveProperty('lateLooks');
    expect(ruleOf(specOf({ settle: '61s' }), TIMES).lateLooks).toBe(1);
    expect(ruleOf(specOf({ settle: '5m' }), TIMES).lateLooks).toBe(8);
  });
});
