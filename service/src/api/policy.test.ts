import { describe, expect, it } from 'vitest';
import type { Policy } from '../domain/policy.js';
import { fieldErrors, jsonPointer } from './field-errors.js';
import { policyInput } from './policy.js';

const latency = {
  name: 'p95',
  kind: 'latency',
  signal: { type: 'gauge', series: { metric: 'p95_seconds' } },
};
const errors = {
  name: 'errors',
  kind: 'error',
  signal: { type: 'ratio', events: { metric: 'errors_total' }, total: { metric: 'requests_total' } },
};

function refusals(input: unknown): string[] {
  const result = policyInput.safeParse(input);
  if (result.success) return [];
  return fieldErrors(result.error).map(
    (error) => `${jsonPointer(error.path)}: ${error.detail} | ${error.remedy ?? '-'}`,
  );
}

const refused: readonly Refusal[] = [
  [{ alhpa: 0.1 }, '/alhpa: unknown field "alhpa" | did you mean "alpha"?'],
  [{ alpha: 0 }, '/alpha: must be more than 0 | give a number of more than 0'],
  [{ alpha: 0.6 }, '/alpha: must be at most 0.5 | give a number of at most 0.5'],
  [
    { alpha: { falseRollbacksPerMonth: 1, deploysPerMont: 3 } },
    '/alpha/deploysPerMonth: is missing | give a number',
    '/alpha/deploysPerMont: unknown field "deploysPerMont" | did you mean "deploysPerMonth"?',
  ],
  [
    { interval: 30 },
    '/interval: must carry its unit | write it as a string such as "30s", "5m", "2h" or "7d"',
  ],
  [{ interval: '30 sec' }, '/interval: is not a duration | write it as "30s", "5m", "2h", "7d" or "500ms"'],
  [{ interval: '2h', watch: '5h' }, '/interval: is out of range | give 100ms to 1h'],
  [{ interval: '1h' }, '/watch: is shorter than two intervals | give at least 2h'],
  [{ history: '5m' }, '/history: holds fewer than 10 intervals | give at least 10m'],
  [
    { interval: '100ms', history: '90d', watch: '1m' },
    '/history: holds more than 100000 intervals | shorten it or lengthen the interval',
  ],
  [{ mode: 'kill' }, '/mode: is not one of the known values | use one of observe, recommend, act'],
  [{ spending: [0.5, 0.6] }, '/spending: adds up to 1.10 | let the shares add up to at most 1'],
  [{ brakes: { maxRollbacks: 1 } }, /maxRollbacks: unknown field/],
  [
    { consumers: { outages: 'fail-open' } },
    '/consumers/outages: unknown field "outages" | did you mean "outage"?',
  ],
  [{ metrics: [] }, '/metrics: must have at least 1 entry | give at least 1 entry'],
  [{ metrics: [latency, latency] }, '/metrics/1/name: "p95" is used twice | give each metric its own name'],
  [
    { metrics: [{ ...latency, group: 'front' }], groupWeights: { frnot: 2 } },
    '/groupWeights/frnot: no metric belongs to this group | did you mean "front"?',
  ],
  [
    { metrics: [{ ...latency, directon: 'up' }] },
    '/metrics/0/directon: unknown field "directon" | did you mean "direction"?',
  ],
  [
    { metrics: [{ ...latency, minEffect: {} }] },
    '/metrics/0/minEffect: sets no size | give relative, absolute or both',
  ],
  [
    { metrics: [{ ...latency, guardRail: { forLooks: 2 } }] },
    '/metrics/0/guardRail: sets no limit | give above, below or both',
  ],
  [
    { metrics: [{ ...errors, criticality: 'advisory', missing: 'required' }] },
    '/metrics/0/missing: cannot be required of an advisory metric, which never decides | make it optional or raise its criticality',
  ],
  [
    { metrics: [{ ...latency, signal: { type: 'guage' } }] },
    '/metrics/0/signal/type: has no known type | did you mean "gauge"?',
  ],
  [
    {
      metrics: [
        { ...latency, signal: { type: 'histogram', series: { metric: 'seconds' } }, guardRail: { above: 1 } },
      ],
    },
    '/metrics/0/guardRail: needs one number an interval, and a histogram has a whole distribution | put it on a ratio of slow requests, or on a gauge of a quantile',
  ],
  [
    {
      metrics: [{ ...latency, signal: { type: 'ratio', events: { metric: 'a b' }, total: { metric: 'c' } } }],
    },
    '/metrics/0/signal/events/metric: is not a metric name | use letters, digits and _ : . and begin with a letter',
  ],
  [
    { metrics: [{ ...latency, burnRate: { objective: 0.999 } }] },
    '/metrics/0/burnRate: needs a ratio of bad events over all | this signal is a gauge, so use guardRail instead',
  ],
  [
    { metrics: [{ ...errors, direction: 'down', burnRate: { objective: 0.999 } }] },
    '/metrics/0/burnRate: needs a ratio of bad events, and of this one less is worse | count the failures instead',
  ],
  [
    { metrics: [{ ...errors, criticality: 'advisory', burnRate: { objective: 0.999 } }] },
    '/metrics/0/burnRate: belongs to an advisory metric, which never decides | raise its criticality',
  ],
  [
    {
      metrics: [{ ...latency, signal: { ...latency.signal, combine: 'outlier' }, direction: 'both' }],
    },
    '/metrics/0/direction: does not fit combine "outlier": a distance between instances harms when it grows, whichever way the instance moves | leave it out or write "up"',
  ],
  [
    { metrics: [{ ...errors, burnRate: { objective: 99.9 } }] },
    '/metrics/0/burnRate/objective: must be less than 1 | give a number of less than 1',
  ],
  [
    {
      metrics: [
        { ...errors, burnRate: { objective: 0.99, windows: [{ limit: 2, long: '5m', short: '1h' }] } },
      ],
    },
    '/metrics/0/burnRate/windows/0/short: is longer than the long window | shorten it to about a twelfth of that',
  ],
  [
    { interval: '10m', watch: '2h', metrics: [{ ...errors, burnRate: { objective: 0.99 } }] },
    '/metrics/0/burnRate/windows/0/short: is shorter than an interval | give at least 10m',
  ],
  [
    { metrics: [{ ...latency, settle: '1m' }] },
    '/metrics/0/settle: is shorter than the 2m that every look waits | shorten "settle" of the policy',
  ],
  [
    { metrics: [{ ...latency, settle: '31m' }] },
    '/metrics/0/settle: leaves the last 29m of the 30m watch unjudged, and 9m are the most that "minCoverage" leaves | give at most 11m, or lengthen the watch',
  ],
  [{ metrics: [{ ...latency, settle: '661s' }] }, /settle: leaves the last 541s of the 30m watch unjudged/],
  [{ metrics: [{ ...latency, warmup: '10m', settle: '9m' }] }, /settle: .* \| give at most 8m,/],
  [{ minCoverage: 0.1, metrics: [{ ...latency, settle: '13m' }] }, /settle: .* \| give at most 12m,/],
  [
    { baselines: ['control'], metrics: [latency] },
    '/baselines: leave a step without a control group nothing to be compared with (the last of a canary, a rolling release, a recovery) | add "before"',
  ],
  [
    { baselines: ['control', 'weekly'], metrics: [latency] },
    '/baselines: need a history of at least 14d | lengthen "history" or add "before"',
  ],
  [
    { baselines: ['daily'], history: '47h', metrics: [latency] },
    '/baselines: need a history of at least 2d | lengthen "history" or add "before"',
  ],
  [
    { baselines: ['daily'], interval: '10m', watch: '4d', metrics: [latency] },
    '/baselines: reach back less far than the watch is long | add "before" or shorten the watch',
  ],
  [
    { steps: [{ name: 'canary' }, { name: 'full' }], spending: [1] },
    '/spending: has 1 shares, and 2 steps are planned | give one share a step',
  ],
  [
    { baselines: ['daily', 'yesterday'] },
    '/baselines/1: is not one of the known values | use one of before, daily, weekly, control',
  ],
  [{ metrics: [{ ...latency, weight: Infinity }] }, /weight: must be a number, not Infinity/],
];

describe('policyInput', () => {
  it('gives exactly the domain type', () => {
    const parsed = policyInput.parse({ metrics: [latency] });
    const policy: Policy = parsed;
    const back: ReadonlyDeep<typeof parsed> = policy;
    expect(back).toBe(parsed);
  });

  it('fills in every default', () => {
    expect(policyInput.parse({ metrics: [latency] })).toEqual({
      name: 'by-value',
      mode: 'recommend',
      alpha: 0.05,
      prior: 0.1,
      intervalMs: 60_000,
      watchMs: 1_800_000,
      settleMs: 120_000,
      historyMs: 604_800_000,
      earliestContinue: 0.5,
      minCoverage: 0.7,
      spending: 'equal',
      metrics: [
        {
          name: 'p95',
          kind: 'latency',
          unit: '',
          direction: 'up',
          signal: { type: 'gauge', series: { metric: 'p95_seconds', labels: {} }, combine: 'mean' },
          minEffect: { relative: 0.1 },
          tolerance: { relative: 0.1 },
          criticality: 'normal',
          weight: 1,
          missing: 'required',
          arms: { treatment: { version: '{{version}}' }, control: { version: '{{previousVersion}}' } },
          warmupMs: 0,
        },
      ],
      groupWeights: {},
      canarySilence: true,
      brakes: { maxAutomaticRollbacksPerHour: 3, commonCauseServices: 3 },
      reasonRequired: true,
      consumers: { pending: 'fail-closed', inconclusive: 'fail-closed', outage: 'fail-open' },
    });
  });

  it.each([
    ['latency', 'gauge', 'up', { relative: 0.1 }, 'required'],
    ['error', 'gauge', 'up', { relative: 0.25 }, 'required'],
    ['error', 'ratio', 'up', { absolute: 0.001, relative: 0.25 }, 'required'],
    ['saturation', 'gauge', 'up', { relative: 0.15 }, 'optional'],
    ['traffic', 'counter', 'down', { relative: 0.2 }, 'optional'],
    ['business', 'gauge', 'down', { relative: 0.1 }, 'optional'],
  ] as const)('knows what harms a %s %s', (kind, type, direction, minEffect, missing) => {
    const signal = type === 'ratio' ? errors.signal : { type, series: { metric: 'x' } };
    const metric = policyInput.parse({ metrics: [{ name: 'x', kind, signal }] }).metrics[0];
    expect(metric).toMatchObject({ direction, minEffect, tolerance: minEffect, missing });
  });

  it('takes a growing distance between instances for harm, whatever their kind, once it has doubled', () => {
    const signal = { type: 'counter', series: { metric: 'x' }, combine: 'outlier' };
    const [metric] = policyInput.parse({ metrics: [{ name: 'x', kind: 'traffic', signal }] }).metrics;
    expect(metric).toMatchObject({ direction: 'up', minEffect: { relative: 1 }, tolerance: { relative: 1 } });
  });

  it('sums counters, and derives from what is given', () => {
    const policy = policyInput.parse({
      mode: 'act',
      interval: '1s',
      metrics: [
        { ...latency, minEffect: { relative: 0.3 } },
        {
          name: 't',
          kind: 'traffic',
          signal: { type: 'counter', series: { metric: 'x' } },
          criticality: 'advisory',
          warmup: '5m',
        },
      ],
    });
    expect(policy).toMatchObject({ alpha: 0.01, settleMs: 2_000, historyMs: 100_000_000 });
    expect(policy.metrics[0]).toMatchObject({ tolerance: { relative: 0.3 } });
    expect(policy.metrics[1]).toMatchObject({
      missing: 'optional',
      warmupMs: 300_000,
      signal: { combine: 'sum' },
    });
  });

  it.each([
    { baselines: ['daily'] },
    { baselines: ['control', 'daily'] },
    { baselines: ['before', 'weekly'] },
    { baselines: ['weekly'], history: '14d' },
    { baselines: ['daily', 'weekly'], watch: '30h', history: '4d' },
    { metrics: [{ ...latency, settle: '11m' }] },
  ])('takes %j', (change) => {
    expect(policyInput.safeParse({ metrics: [latency], ...change }).error).toBeUndefined();
  });

  it('takes alpha as false rollbacks a month', () => {
    const alpha = { falseRollbacksPerMonth: 2, deploysPerMonth: 400 };
    expect(policyInput.parse({ alpha, metrics: [latency] }).alpha).toBe(0.005);
    expect(
      refusals({ alpha: { falseRollbacksPerMonth: 9, deploysPerMonth: 10 }, metrics: [latency] }),
    ).toEqual([
      '/alpha: comes to 0.900 a deployment | accept fewer false rollbacks a month (at most 0.5 a deployment)',
    ]);
  });

  it.each(refused.map((row) => ({ row })))(
    'refuses $row.0 and says what to do',
    ({ row: [change, ...expected] }) => {
      const found = refusals({ metrics: [latency], ...change });
      expect(found).toEqual(
        expected.map((one): unknown => (typeof one === 'string' ? one : expect.stringMatching(one))),
      );
    },
  );
});

type Refusal = readonly [change: Readonly<Record<string, unknown>>, ...expected: (string | RegExp)[]];

type ReadonlyDeep<T> = T extends object ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> } : T;
