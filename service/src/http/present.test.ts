import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, formatDuration } from '../api/duration.js';
import { policyInput } from '../api/policy.js';
import type { Policy } from '../domain/policy.js';
import { presentPolicy } from './present.js';

const ratio = {
  type: 'ratio',
  events: { metric: 'errors' },
  total: { metric: 'requests', labels: { a: '' } },
} as const;

fc.configureGlobal({ seed: 17 });

describe('presentPolicy', () => {
  it('writes what reads back as the same policy', () => {
    const inputs = fc.record({
      times: fc.constantFrom(
        ['100ms', '16m'],
        ['1500ms', '2h'],
        ['30s', '20m'],
        ['1m', '30m'],
        ['90s', '2h'],
        ['1h', '2d'],
      ),
      mode: fc.constantFrom('observe' as const, 'recommend' as const, 'act' as const),
      spending: fc.constantFrom('equal' as const, [0.25, 0.75]),
      kind: fc.constantFrom('latency' as const, 'error' as const, 'traffic' as const),
      criticality: fc.constantFrom('critical' as const, 'advisory' as const),
      warmup: fc.constantFrom('0s', '5m'),
    });
    fc.assert(
      fc.property(inputs, ({ kind, criticality, warmup, times: [interval = '', watch = ''], ...rest }) => {
        const metrics = [{ name: 'm', kind, criticality, warmup, signal: ratio, guardRail: { above: 0.1 } }];
        const policy: Policy = policyInput.parse({ ...rest, watch, interval, metrics });
        expect(policyInput.parse(JSON.parse(JSON.stringify(presentPolicy(policy))))).toEqual(policy);
      }),
    );
  });
});

describe('presentPolicy of what a file can say', () => {
  it('reads back as the same policy, too', () => {
    const policy: Policy = policyInput.parse({
      steps: [{ name: 'canary', trafficShare: 0.05 }, { name: 'full' }],
      spending: [0.25, 0.75],
      baselines: ['before', 'control'],
      metrics: [{ name: 'm', kind: 'error', settle: '10m', signal: ratio, burnRate: { objective: 0.999 } }],
    });
    expect(policyInput.parse(JSON.parse(JSON.stringify(presentPolicy(policy))))).toEqual(policy);
  });
});

describe('durations', () => {
  it('reads back what it writes', () => {
    const lengths = fc.oneof(
      fc.nat(1_000_000),
      fc.nat(10_000).map((minutes) => minutes * 60_000),
    );
    fc.assert(
      fc.property(lengths, (ms) => {
        expect(duration.parse(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  it.each([
    [0, '0s'],
    [250, '250ms'],
    [90_000, '90s'],
    [120_000, '2m'],
    [604_800_000, '7d'],
  ])('writes %i ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each(['', '5', '-5s', '1.5.2s', '5 s', 'PT5S', '5w', '٣s'])('refuses %j', (text) => {
    expect(duration.safeParse(text).success).toBe(false);
  });
});
