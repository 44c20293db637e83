import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../domain/deployment.js';
import type { MetricSpec } from '../../domain/policy.js';
import type { Watch } from '../../domain/watch.js';
import type { MetricSource } from '../../sources/port.js';
import { pushOnly } from '../sources.test-support.js';
import { takeSnapshot } from './take-snapshot.js';

const INTERVAL_MS = 10_000;
const CHANGE_MS = 10_000_000;
const HISTORY = 30;

/** A gauge whose value is the number of intervals since the change, from `fromMs` on. */
function counting(fromMs: number): MetricSource {
  return {
    name: 'counting',
    fetch: (query) => {
      const times: number[] = [];
      for (let atMs = CHANGE_MS - 200 * INTERVAL_MS + 1; atMs < CHANGE_MS; atMs += INTERVAL_MS)
        if (atMs >= Math.max(fromMs, query.fromMs) && atMs < query.toMs) times.push(atMs);
      const timesMs = Float64Array.from(times);
      const values = timesMs.map((ms) => Math.floor((ms - CHANGE_MS) / INTERVAL_MS));
      return Promise.resolve(
        times.length === 0 ? [] : [{ labels: {}, type: 'gauge' as const, timesMs, values }],
      );
    },
  };
}

/** The same for an expression that reads 2.5 intervals back besides its own. */
const readingBack: MetricSource = {
  ...counting(0),
  language: 'promql',
  lookbackMs: () => 3.5 * INTERVAL_MS,
  evaluate: ({ project, fromMs, toMs }) =>
    counting(0).fetch({ project, metric: 'load', labels: {}, fromMs, toMs }),
};

const gauge: object = { type: 'gauge', series: { metric: 'load', labels: {} }, combine: 'mean' };
const expression: object = { type: 'gauge', query: 'avg_over_time(load[35s])', combine: 'mean' };

/** Warm-up of a watch over a metric that reads back, in looks, and what its history leaves out. */
async function lingering(kind: Watch['kind'], warmupMs: number, signal = expression) {
  const { snapshot } = await snapshotOf(
    CHANGE_MS - 5 * INTERVAL_MS,
    [[CHANGE_MS - 20 * INTERVAL_MS, CHANGE_MS - 15 * INTERVAL_MS]],
    0,
    { source: readingBack, signal, warmupMs, kind },
  );
  return { warmupLooks: snapshot.metrics[0]?.rule.warmupLooks, excluded: snapshot.excluded };
}

async function snapshotOf(
  baselineEndMs: number,
  excludedMs: readonly (readonly [number, number])[] = [],
  dataFromMs = 0,
  { source = counting(dataFromMs), signal = gauge, warmupMs = 0, kind = 'step' } = {},
) {
  const spec = {
    name: 'load',
    signal,
    missing: 'required',
    warmupMs,
  } as unknown as MetricSpec;
  const deployment = {
    project: 'default',
    service: 'cart',
    version: 'v2',
    strategy: 'rolling',
    plannedSteps: [{ name: 'a' }, { name: 'b' }],
    policy: { metrics: [spec], intervalMs: INTERVAL_MS, historyMs: HISTORY * INTERVAL_MS },
  } as unknown as Deployment;
  const snapshot = await takeSnapshot({
    sources: pushOnly(source),
    deployment,
    step: { deploymentId: 'd', index: 1, name: 'b', startedAtMs: CHANGE_MS },
    watch: { kind, changeAtMs: CHANGE_MS, intervalMs: INTERVAL_MS, plannedLooks: 5, alpha: 0.05 } as Watch,
    baselineEndMs,
    excludedMs,
  });
  const arm = snapshot.metrics[0]?.treatment;
  if (arm?.shape !== 'gauge') throw new Error('it was asked for');
  return { snapshot, values: [...arm.values] };
}

const countdown = (from: number): number[] => Array.from({ length: from }, (_, index) => index - from);

describe('the history of a watch', () => {
  it('ends at the change, without anything left out, for the first step', async () => {
    const { snapshot, values } = await snapshotOf(CHANGE_MS);
    expect(snapshot).toMatchObject({ changeAtMs: CHANGE_MS, changeIndex: HISTORY, excluded: [] });
    expect(values).toEqual(countdown(HISTORY));
  });

  it('keeps what the release already treated in its place and marks it, for a later step', async () => {
    const { snapshot, values } = await snapshotOf(CHANGE_MS - 7.5 * INTERVAL_MS);
    expect(snapshot).toMatchObject({ changeIndex: HISTORY + 8, excluded: [[HISTORY, HISTORY + 8]] });
    expect(values).toEqual(countdown(HISTORY + 8));
  });

  it('marks earlier releases on the same grid', async () => {
    const earlier = [CHANGE_MS - 20 * INTERVAL_MS, CHANGE_MS - 15 * INTERVAL_MS] as const;
    const { snapshot } = await snapshotOf(CHANGE_MS - 5 * INTERVAL_MS, [earlier]);
    expect(snapshot.excluded).toEqual([
      [15, 20],
      [30, 35],
    ]);
  });

  it('begins with the first sample, and all ranges with it', async () => {
    const { snapshot, values } = await snapshotOf(
      CHANGE_MS - 5 * INTERVAL_MS,
      [],
      CHANGE_MS - 12 * INTERVAL_MS,
    );
    expect(snapshot).toMatchObject({ changeIndex: 12, excluded: [[7, 12]] });
    expect(values).toEqual(countdown(12));
  });

  it('lets what an expression still sees pass by: of the rolled-back release, and of a slow start', async () => {
    expect((await lingering('recovery', 0)).warmupLooks).toBe(3);
    expect((await lingering('recovery', 2 * INTERVAL_MS)).warmupLooks).toBe(5);
    expect((await lingering('step', 2 * INTERVAL_MS)).warmupLooks).toBe(5);
    expect((await lingering('step', 0)).warmupLooks).toBe(0);
    expect((await lingering('recovery', 2 * INTERVAL_MS, gauge)).warmupLooks).toBe(2);
  });

  it('leaves out what an expression still sees of earlier releases', async () => {
    const ofRelease = [30, 35];
    expect((await lingering('step', 0)).excluded).toEqual([[15, 23], ofRelease]);
    expect((await lingering('step', 0, gauge)).excluded).toEqual([[15, 20], ofRelease]);
  });
});
