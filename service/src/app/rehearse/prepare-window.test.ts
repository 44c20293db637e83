import { armLines, type Arm } from '@bellwether/models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyInput } from '../../api/policy.js';
import { decodeWindow } from './decode-window.js';
import { prepareWindow, type PreparedWindow, type UnjudgedWindow } from './prepare-window.js';
import type { RehearsalPlan } from './rehearsal-plan.js';
import { testWindow } from './test-window.js';

const signal = { type: 'gauge', series: { metric: 'm', labels: {} } } as const;

function prepare(value: object, plan: RehearsalPlan = {}): PreparedWindow | UnjudgedWindow {
  return prepareWindow(
    decodeWindow(value, () => undefined),
    plan,
  );
}

function prepared(value: object, plan?: RehearsalPlan): PreparedWindow {
  const window = prepare(value, plan);
  if ('reason' in window) throw new Error(window.reason.text);
  return window;
}

const valuesOf = (arm: Arm | undefined): readonly number[] =>
  arm === undefined ? [] : Array.from(armLines(arm)[0] ?? []);

/** A window of one gauge with the change at 100 s and an interval of 10 s. */
function small(t: readonly number[], v: readonly (number | null)[], more: object = {}) {
  return { id: 'a', change_at: 100, interval_s: 10, metrics: [{ name: 'm', kind: '', t, v }], ...more };
}

describe('the grid of a recorded window', () => {
  it('begins with the recording, has the change at its edge and ends with the recording', () => {
    const { snapshot, upTo } = prepared(small([75, 80, 90, 100, 110, 119], [1, 2, 3, 4, 5, 7]));
    expect(snapshot).toMatchObject({
      changeIndex: 3,
      plannedLooks: 2,
      intervalMs: 10_000,
      changeAtMs: 100_000,
    });
    expect(valuesOf(snapshot.metrics[0]?.treatment)).toEqual([1, 2, 3]);
    expect(valuesOf(upTo(2)[0]?.treatment)).toEqual([4, 6]);
    expect(valuesOf(upTo(1)[0]?.treatment)).toEqual([4]);
  });

  it('keeps holes, and of samples at the same time the last with a value', () => {
    const { snapshot } = prepared(small([70, 90, 90, 90, 100], [1, 2, 3, null, 4]));
    expect(valuesOf(snapshot.metrics[0]?.treatment)).toEqual([1, NaN, 3]);
  });

  it('does not mind the order of samples', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          Array.from({ length: 30 }, (_, k) => k),
          { minLength: 30 },
        ),
        (order) => {
          const t = order.map((k) => 5 * k);
          const sorted = prepared(
            small(
              [...t].sort((a, b) => a - b),
              [...order].sort((a, b) => a - b),
            ),
          );
          expect(prepared(small(t, order)).snapshot).toEqual(sorted.snapshot);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('puts times that are written as decimals into their interval', () => {
    const [change, step] = [1_700_000_000.25, 0.25];
    const t = Array.from({ length: 40 }, (_, k) => change + (k - 20 + 0.5) * step);
    const v = t.map((_, k) => k);
    const metrics = [{ name: 'm', t, v }];
    const { snapshot, upTo } = prepared({ id: 1, change_at: change, interval_s: step, metrics });
    expect(valuesOf(snapshot.metrics[0]?.treatment)).toEqual(v.slice(0, 20));
    expect(valuesOf(upTo(20)[0]?.treatment)).toEqual(v.slice(20));
  });

  it('is cut to the newest past when one stray sample lies decades back', () => {
    const { snapshot } = prepared(small([-1e9, 90, 100], [1, 2, 3]));
    expect(snapshot.changeIndex).toBe(100_000);
    expect(valuesOf(snapshot.metrics[0]?.treatment).at(-1)).toBe(2);
  });

  it('shares its memory among hundreds of metrics', () => {
    const metrics = Array.from({ length: 600 }, (_, k) => ({
      name: `m${k}`,
      t: [-1e7, 90, 100],
      v: [1, 2, 3],
    }));
    const { snapshot } = prepared({ id: 1, change_at: 100, interval_s: 10, metrics });
    expect(snapshot.metrics.length * (snapshot.changeIndex + snapshot.plannedLooks)).toBeLessThanOrEqual(1e7);
  });

  it('lets the watch end after 60 intervals, when asked, or with the recording', () => {
    const long = testWindow({ looks: 90 });
    expect(prepared(long).snapshot.plannedLooks).toBe(60);
    expect(prepared(long, { watchMs: 600_000 }).snapshot.plannedLooks).toBe(10);
    expect(prepared(testWindow({ looks: 7 }), { watchMs: 600_000 }).snapshot.plannedLooks).toBe(7);
    const coarse = prepared(long, { intervalMs: 300_000 }).snapshot;
    expect(coarse).toMatchObject({ changeIndex: 240, plannedLooks: 18, intervalMs: 300_000 });
  });

  it.each([
    ['no-metrics', { id: 'a', change_at: 100, interval_s: 10, metrics: [] }],
    [
      'no-metrics',
      { id: 'a', change_at: 100, interval_s: 10, metrics: [{ role: 'control', t: [100], v: [1] }] },
    ],
    ['no-data', small([], [])],
    ['no-data', small([80, 90], [1, 2])],
  ])('says why there is nothing to judge: %s', (code, value) => {
    expect(prepare(value)).toMatchObject({ reason: { code }, prior: 0.5 });
  });

  it('asks for an interval where there is none', () => {
    expect(() => prepare(small([90, 100], [1, 2], { interval_s: null }))).toThrow(/interval_s.*--interval/);
    expect(
      prepared(small([90, 100], [1, 2], { interval_s: null }), { intervalMs: 5_000 }).snapshot,
    ).toMatchObject({
      changeIndex: 2,
    });
  });
});

describe('how the metrics of a recorded window are judged', () => {
  it.each([
    ['error', 'error', 'up'],
    ['latency', 'latency', 'up'],
    ['saturation', 'saturation', 'up'],
    ['traffic', 'traffic', 'down'],
    ['business', 'business', 'both'],
    ['other', 'business', 'both'],
    ['constructor', 'business', 'both'],
    [undefined, 'business', 'both'],
  ])('kind %s without a policy: %s, harm %s', (kind, judgedAs, direction) => {
    const { snapshot } = prepared({
      ...small([90, 100], [1, 2]),
      metrics: [{ name: 'm', kind, t: [90, 100], v: [1, 2] }],
    });
    expect(snapshot.metrics[0]?.rule).toMatchObject({
      kind: judgedAs,
      direction,
      minEffect: { relative: 0.2 },
      tolerance: {},
    });
    expect(snapshot).toMatchObject({ alpha: 0.05, prior: 0.5, earliestContinue: 1, minCoverage: 0.5 });
  });

  it.each([
    ['request_ms', 'latency', { relative: 0.2, absolute: 25 }, 'normal'],
    ['request_seconds', 'latency', { relative: 0.2, absolute: 0.025 }, 'normal'],
    ['error_pct', 'error', { relative: 0.2, absolute: 1 }, 'normal'],
    ['error_ratio', 'error', { relative: 0.2, absolute: 0.01 }, 'normal'],
    ['error_ms', 'error', { relative: 0.2 }, 'normal'],
    ['items', 'latency', { relative: 0.2 }, 'normal'],
    ['node.cpu', 'saturation', { relative: 0.2 }, 'advisory'],
    ['machine_memory', 'saturation', { relative: 0.2 }, 'advisory'],
    ['nodes', 'saturation', { relative: 0.2 }, 'normal'],
  ])('%s of kind %s without a policy: %o, %s', (name, kind, minEffect, criticality) => {
    const { snapshot } = prepared({
      ...small([90, 100], [1, 2]),
      metrics: [{ name, kind, t: [90, 100], v: [1, 2] }],
    });
    expect(snapshot.metrics[0]?.rule.minEffect).toEqual(minEffect);
    expect(snapshot.metrics[0]?.rule.criticality).toBe(criticality);
  });

  it.each([
    [undefined, 0],
    [100, 0],
    [100 + 25, 3],
    [100 + 50, 5],
    // A slow start is no excuse for more than a quarter of the watch.
    [100 + 190, 5],
  ])('waits for new instances that are complete at %o: %i intervals', (complete, warmupLooks) => {
    const t = Array.from({ length: 30 }, (_, k) => 10 * k);
    const stages = complete === undefined ? {} : { stages_complete_at: [complete, complete + 60] };
    const { snapshot } = prepared(small(t, t, stages));
    expect(snapshot.metrics[0]?.rule.warmupLooks).toBe(warmupLooks);
  });

  const policy = policyInput.parse({
    interval: '10s',
    watch: '40s',
    history: '2m',
    alpha: 0.02,
    metrics: [
      { name: 'm', kind: 'latency', unit: 's', minEffect: { relative: 0.3 }, signal },
      { name: 'gone', kind: 'error', signal },
    ],
  });

  it('follows a policy: its metrics, its watch to the end, its past', () => {
    const t = Array.from({ length: 60 }, (_, k) => 100 + 10 * (k - 58));
    const other = { name: 'unnamed', t, v: t };
    const window = { ...small(t, t), metrics: [{ name: 'm', t, v: t }, other] };
    const { snapshot, upTo } = prepared(window, { policy });
    expect(snapshot).toMatchObject({
      changeIndex: 12,
      plannedLooks: 4,
      alpha: 0.02,
      prior: 0.1,
      minCoverage: 0.7,
    });
    expect(snapshot.metrics.map(({ rule }) => [rule.name, rule.required])).toEqual([
      ['m', true],
      ['gone', true],
    ]);
    expect(snapshot.metrics[0]?.rule).toMatchObject({
      direction: 'up',
      unit: 's',
      minEffect: { relative: 0.3 },
    });
    // What the recording does not hold is missing data.
    expect(valuesOf(upTo(4)[0]?.treatment)).toEqual([100, 110, NaN, NaN]);
    expect(valuesOf(upTo(4)[1]?.treatment)).toEqual([NaN, NaN, NaN, NaN]);
    expect(prepared(window, { policy, alpha: 0.2, watchMs: 90_000 }).snapshot).toMatchObject({
      alpha: 0.2,
      plannedLooks: 2,
    });
  });

  it('pairs a metric with the control of its name and shape', () => {
    const arm = (name: string, role: string, total?: readonly number[]) => ({
      name,
      role,
      t: [90, 100, 105],
      v: [1, 2, 4],
      ...(total ? { total } : {}),
    });
    const metrics = [
      arm('a', 'treatment'),
      arm('a', 'control'),
      arm('b', 'treatment', [10, 20, 30]),
      arm('b', 'control'),
      arm('c', 'treatment', [10, 20, 30]),
      arm('c', 'control', [5, 5, 5]),
    ];
    const [a, b, c] = prepared({ id: 1, change_at: 100, interval_s: 10, metrics }).upTo(1);
    expect(valuesOf(a?.control)).toEqual([3]);
    expect(b?.treatment).toEqual({ shape: 'ratio', events: Float64Array.of(6), totals: Float64Array.of(50) });
    expect(b?.control).toBeUndefined();
    expect(valuesOf(c?.control)).toEqual([6]);
  });
});
