import { describe, expect, it } from 'vitest';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { MetricSpec } from '../../domain/policy.js';
import type { Watch } from '../../domain/watch.js';
import { SourceError, type MetricSource } from '../../sources/port.js';
import { openLiveWindow } from './live-window.js';
import { takeSnapshot } from './take-snapshot.js';

const watch = {
  ...{ changeAtMs: 600_000, intervalMs: 10_000, settleMs: 0, plannedLooks: 4, alpha: 0.05 },
} as Watch;
const step = { deploymentId: 'd', index: 0, name: 'full', startedAtMs: 600_000 } as Step;

/** A source that does not answer for metrics whose name begins with "slow", and what it was asked for. */
function scene(names: readonly string[]) {
  const asked: string[] = [];
  const source: MetricSource = {
    name: 'influx',
    fetch: ({ metric }) => {
      asked.push(metric);
      if (metric.startsWith('slow'))
        return Promise.reject(new SourceError('unavailable', `no ${metric}`, true));
      const timesMs = Float64Array.of(595_000);
      return Promise.resolve([{ labels: {}, type: 'gauge', timesMs, values: Float64Array.of(1) }]);
    },
  };
  const metrics = names.map((name) => ({
    name,
    missing: name.endsWith('!') ? 'required' : 'optional',
    signal: {
      type: 'gauge',
      source: 'influx',
      series: { metric: name.replace('!', ''), labels: {} },
      combine: 'mean',
    },
    warmupMs: 0,
  })) as unknown as MetricSpec[];
  const deployment = {
    ...{ project: 'p', service: 'cart', environment: 'prod', version: '2', strategy: 'rolling' },
    plannedSteps: [],
    policy: { metrics, intervalMs: 10_000, historyMs: 100_000 },
  } as unknown as Deployment;
  const sources = new Map([['influx', { source, project: '*' }]]);
  const unanswered: string[] = [];
  return {
    asked,
    look: async (goOnWithoutOptional: boolean) =>
      (await openLiveWindow(sources, deployment, step, watch).upTo(2, { goOnWithoutOptional })).map(
        (metric) => metric.unanswered === true,
      ),
    snapshot: async (goOnWithoutOptional: boolean) => {
      const taken = await takeSnapshot({
        ...{ sources, deployment, step, watch, goOnWithoutOptional },
        ...{ baselineEndMs: 600_000, excludedMs: [] },
        onUnanswered: () => unanswered.push('one'),
      });
      expect(taken.metrics.map(({ rule }) => rule.name)).toEqual(names);
      const missed = taken.metrics.map(({ problem }) => problem !== undefined);
      expect(unanswered).toHaveLength(missed.filter(Boolean).length);
      return missed;
    },
  };
}

describe.each(['look', 'snapshot'] as const)('a source that is down, in a %s', (kind) => {
  it('is asked for one optional metric and not for the others', async () => {
    const { asked, [kind]: read } = scene(['slow1', 'slow2', 'slow3', 'slow4']);
    expect(await read(true)).toEqual([true, true, true, true]);
    expect(asked).toEqual(['slow1']);
  });

  it('still fails what requires it', async () => {
    const { [kind]: read } = scene(['slow1', 'slow2!']);
    await expect(read(true)).rejects.toThrow('no slow2');
    await expect(scene(['slow1'])[kind](false)).rejects.toThrow('no slow1');
  });

  it('is not taken for down by one slow metric when it answers a required one', async () => {
    const { asked, [kind]: read } = scene(['slow1', 'a', 'slow2', 'b', 'c!']);
    expect(await read(true)).toEqual([true, false, true, true, false]);
    expect(asked).toEqual(['c', 'slow1', 'a', 'slow2']);
  });
});
