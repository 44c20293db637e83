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

async function snapshotOf(
  baselineEndMs: number,
  excludedMs: readonly (readonly [number, number])[] = [],
  dataFromMs = 0,
) {
  const spec = {
    name: 'load',
    signal: { type: 'gauge', series: { metric: 'load', labels: {} }, combine: 'mean' },
    missing: 'required',
    warmupMs: 0,
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
    sources: pushOnly(counting(dataFromMs)),
    deployment,
    step: { deploymentId: 'd', index: 1, name: 'b', startedAtMs: CHANGE_MS },
    watch: { changeAtMs: CHANGE_MS, intervalMs: INTERVAL_MS, plannedLooks: 5, alpha: 0.05 } as Watch,
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
});
