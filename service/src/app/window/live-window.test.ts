import { armLines, createRandom, type Arm } from '@bellwether/models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment, Step } from '../../domain/deployment.js';
import type { MetricSpec, Signal } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import type { Watch } from '../../domain/watch.js';
import type { MetricSource } from '../../sources/port.js';
import { pushOnly } from '../sources.test-support.js';
import { openLiveWindow } from './live-window.js';
import { readArm } from './read-arm.js';

const INTERVAL_MS = 10_000;
const LOOKS = 24;
const CHANGE_MS = 600_000;
const rate: Signal = { type: 'counter', series: { metric: 'requests', labels: {} }, combine: 'sum' };
const ratio: Signal = {
  type: 'ratio',
  events: { metric: 'errors', labels: {} },
  total: { metric: 'requests', labels: {} },
};
const step = { deploymentId: 'd', index: 0, name: 'full', startedAtMs: CHANGE_MS } as Step;

function deploymentOf(signal: Signal): Deployment {
  const metrics = [{ name: 'm', signal } as MetricSpec];
  return {
    project: 'default',
    service: 'cart',
    environment: 'prod',
    version: 'v2',
    strategy: 'rolling',
    plannedSteps: [{ name: 'full' }],
    policy: { metrics, intervalMs: INTERVAL_MS, historyMs: 300_000 },
  } as unknown as Deployment;
}
const watchOf = (settleMs: number) =>
  ({ changeAtMs: CHANGE_MS, intervalMs: INTERVAL_MS, settleMs }) as unknown as Watch;

/** A counter that grows by one a second, sampled every `periodMs` give or take `jitterMs`. */
function sampled(seed: number, periodMs: number, jitterMs: number): SourceSeries {
  const random = createRandom(seed);
  const timesMs: number[] = [];
  for (let atMs = CHANGE_MS - 200_000; atMs < CHANGE_MS + 600_000; atMs += periodMs)
    timesMs.push(Math.round(atMs + random.uniform() * jitterMs));
  const times = Float64Array.from(new Set(timesMs)).sort();
  return {
    labels: { seed: String(seed) },
    type: 'counter',
    timesMs: times,
    values: times.map((t) => t / 1000),
  };
}

/** A source that knows of a sample as soon as its time has come. */
function arriving(series: Readonly<Record<string, readonly SourceSeries[]>>) {
  let nowMs = Infinity;
  const source: MetricSource = {
    name: 'arriving',
    fetch: ({ metric, fromMs, toMs }) =>
      Promise.resolve(
        (series[metric] ?? [])
          .map((s) => {
            const seen = (_: number, i: number): boolean => {
              const atMs = s.timesMs[i] ?? NaN;
              return atMs >= fromMs && atMs < toMs && atMs <= nowMs;
            };
            return { ...s, timesMs: s.timesMs.filter(seen), values: s.values.filter(seen) };
          })
          .filter((s) => s.timesMs.length > 0),
      ),
  };
  return { source, at: (ms: number) => (nowMs = ms) };
}

/** What each look saw at its time, and what a bulk read sees in the end. */
async function watchThrough(
  signal: Signal,
  series: Readonly<Record<string, readonly SourceSeries[]>>,
  settleMs: number,
) {
  const { source, at } = arriving(series);
  const window = openLiveWindow(pushOnly(source), deploymentOf(signal), step, watchOf(settleMs));
  const looks: Arm[] = [];
  for (let look = 1; look <= LOOKS; look++) {
    at(CHANGE_MS + look * INTERVAL_MS + settleMs);
    const [metric] = await window.upTo(look);
    if (metric) looks.push(metric.treatment);
  }
  at(Infinity);
  const grid = { startMs: CHANGE_MS, intervalMs: INTERVAL_MS, count: LOOKS };
  const { arm } = await readArm({ source, deployment: deploymentOf(signal), signal, overlay: {}, grid });
  return { looks, bulk: arm };
}
const linesOf = (arm: Arm | undefined): readonly Float64Array[] => (arm === undefined ? [] : armLines(arm));

describe('the live window', () => {
  it.each([15_000, 20_000, 30_000])(
    'reads a counter pushed every %d ms as a history is read',
    async (periodMs) => {
      const { looks, bulk } = await watchThrough(rate, { requests: [sampled(1, periodMs, 0)] }, 20_000);
      const expected = new Array<number>(LOOKS).fill(1);
      expect(linesOf(bulk)[0]).toEqual(Float64Array.from(expected));
      const last = [...(linesOf(looks.at(-1))[0] ?? [])];
      expect(last.slice(0, -1)).toEqual(expected.slice(0, -1));
      // The newest interval is right, or still open; never a part of its increase.
      expect(last.slice(-1).filter((value) => value !== 1 && !Number.isNaN(value))).toEqual([]);
    },
  );

  it('never shows a look a value that a later sample changes: an interval is right or missing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 2_000, max: 30_000 }),
        fc.constantFrom(0, 400, 10_000, 20_000),
        async (seed, periodMs, settleMs) => {
          // A period that varies by half and more can't be told from an instance that ended.
          const series = [sampled(seed, periodMs, periodMs / 5), sampled(seed + 1, periodMs, periodMs / 5)];
          const { looks, bulk } = await watchThrough(rate, { requests: series }, settleMs);
          const [final] = linesOf(bulk);
          for (const look of looks) {
            const line = [...(linesOf(look)[0] ?? [])];
            const changed = line.filter((value, k) => !Number.isNaN(value) && value !== final?.[k]);
            expect(changed).toEqual([]);
          }
        },
      ),
      { seed: 7, numRuns: 100 },
    );
  });

  it('equals a bulk read once the samples have settled, whatever the sampling', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 500, max: 45_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0, 10_000, 25_000),
        fc.constantFrom(rate, ratio),
        async (seed, periodMs, jitter, settleMs, signal) => {
          const series = {
            requests: [sampled(seed, periodMs, jitter * periodMs), sampled(seed + 1, 12_345, 3_000)],
            errors: [sampled(seed + 2, periodMs, jitter * periodMs)],
          };
          const { looks, bulk } = await watchThrough(signal, series, settleMs);
          // Intervals that lie more than the longest gap back have all their neighbours.
          const settled = LOOKS - 5;
          const seen = linesOf(looks.at(-1)).map((line) => line.subarray(0, settled));
          expect(seen).toEqual(linesOf(bulk).map((line) => line.subarray(0, settled)));
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  });

  it('shows a look that is caught up on what it would have seen in time', async () => {
    const { source, at } = arriving({ requests: [sampled(3, 15_000, 4_000)] });
    const open = () => openLiveWindow(pushOnly(source), deploymentOf(rate), step, watchOf(5_000));
    at(CHANGE_MS + 6 * INTERVAL_MS + 5_000);
    const inTime = await open().upTo(6);
    at(Infinity);
    expect(await open().upTo(6)).toEqual(inTime);
  });

  it('asks for the name of the events in other arms and services, and remembers a yes', async () => {
    const asked: unknown[] = [];
    const { source } = arriving({ requests: [sampled(1, 10_000, 0)] });
    const elsewhere = sampled(9, 10_000, 0);
    let isKnown = false;
    const counting: MetricSource = {
      name: 'counting',
      fetch: (query) => {
        const other = query.metric === 'errors' && Object.keys(query.labels).length === 0;
        if (other) asked.push(query);
        return other && isKnown ? Promise.resolve([elsewhere]) : source.fetch(query);
      },
    };
    const events = { metric: 'errors', labels: { service: '{{service}}' } };
    const window = openLiveWindow(
      pushOnly(counting),
      deploymentOf({ ...ratio, events }),
      step,
      watchOf(20_000),
    );
    const [misspelt] = await window.upTo(4);
    expect(misspelt?.problem?.code).toBe('unknown-metric');
    expect(misspelt?.problem?.text).toMatch(/no series named "errors".*errors\{"service":"cart"\}.*misspelt/);
    expect(linesOf(misspelt?.treatment)[0]).toEqual(new Float64Array(4).fill(NaN));
    isKnown = true;
    const [quiet] = await window.upTo(5);
    expect(quiet?.problem).toBeUndefined();
    expect(linesOf(quiet?.treatment)[0]).toEqual(new Float64Array(5));
    await window.upTo(6);
    expect(asked).toHaveLength(2);
  });
});
