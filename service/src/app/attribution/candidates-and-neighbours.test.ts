import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../domain/deployment.js';
import type { MetricSpec } from '../../domain/policy.js';
import type { Reader } from '../../store/port.js';
import { fakePolicy } from '../fake-policy.js';
import { chooseNeighbours } from './choose-neighbours.js';
import { findCandidates } from './find-rivals.js';

const NOW_MS = Date.UTC(2026, 0, 15, 12);
const MINUTE_MS = 60_000;

function deployed(service: string, minutesAgo: number, change: Partial<Deployment> = {}): Deployment {
  const startedAtMs = NOW_MS - minutesAgo * MINUTE_MS;
  return {
    id: `${service}-${minutesAgo}`,
    project: 'default',
    service,
    environment: 'prod',
    version: '2',
    strategy: 'rolling',
    change: { kind: 'code' },
    dependsOn: [],
    labels: {},
    links: [],
    plannedSteps: [{ name: 'all' }],
    policy: fakePolicy,
    state: 'running',
    startedAtMs,
    createdAtMs: startedAtMs,
    actor: 'p',
    revision: 1,
    ...change,
  };
}

/** A reader over these deployments, newest first as the store gives them. */
function readerOf(all: readonly Deployment[], rolledBackAtMs?: number) {
  const reader: Pick<Reader, 'deployments' | 'steps' | 'rollbacks'> = {
    deployments: ({ fromMs = 0, toMs = Infinity, environment, limit, cursor = '0' }) => {
      const found = all
        .filter(
          (one) => one.startedAtMs >= fromMs && one.startedAtMs < toMs && one.environment === environment,
        )
        .toSorted((a, b) => b.startedAtMs - a.startedAtMs);
      const end = Number(cursor) + limit;
      const items = found.slice(Number(cursor), end);
      return Promise.resolve(end < found.length ? { items, nextCursor: String(end) } : { items });
    },
    steps: (id) =>
      Promise.resolve(
        all
          .filter((one) => one.id === id)
          .map(({ startedAtMs }) => ({ deploymentId: id, index: 0, name: 'all', startedAtMs })),
      ),
    rollbacks: (id) =>
      Promise.resolve(
        rolledBackAtMs === undefined
          ? []
          : [
              {
                id: 'r',
                deploymentId: id,
                state: 'executed',
                automatic: true,
                reason: '',
                actor: 'p',
                executor: 'x',
                attempts: 1,
                requestedAtMs: 0,
                finishedAtMs: rolledBackAtMs,
                revision: 1,
              },
            ],
      ),
  };
  return reader;
}

describe('findCandidates', () => {
  const cart = deployed('cart', 10);

  it('weighs what ran about the same time, the nearest first, and says what it left out', async () => {
    const near = Array.from({ length: 15 }, (_, i) => deployed(`s${i}`, 11 + i));
    const far = deployed('old', 200);
    const later = deployed('later', 1);
    const { judged, rivals, leftOut } = await findCandidates(
      readerOf([cart, far, later, ...near]),
      cart,
      NOW_MS - 2 * MINUTE_MS,
    );
    expect(judged).toMatchObject({ id: cart.id, beganAtMs: [cart.startedAtMs] });
    expect(rivals.map(({ service }) => service)).toEqual(near.slice(0, 12).map(({ service }) => service));
    expect(leftOut).toBe(3);
  });

  it('finds the nearest among more than are read at once, however many came later', async () => {
    const long = deployed('long', 90);
    const later = Array.from({ length: 450 }, (_, i) => deployed(`l${i}`, 80 - i / 8));
    const earlier = Array.from({ length: 250 }, (_, i) => deployed(`e${i}`, 91 + i / 8));
    const { rivals, leftOut } = await findCandidates(readerOf([long, ...later, ...earlier]), long, NOW_MS);
    expect(rivals.map(({ service }) => service)).toEqual(earlier.slice(0, 12).map(({ service }) => service));
    const after = await findCandidates(readerOf([long, ...later]), long, NOW_MS);
    expect(after.rivals.map(({ service }) => service)).toEqual(
      later.slice(0, 12).map(({ service }) => service),
    );
    expect([leftOut, after.leftOut]).toEqual([450 + 200 - 12 + 1, 450 - 12]);
  });

  it('knows when one was taken back, cancelled or replaced', async () => {
    const all = [
      cart,
      deployed('a', 30, { state: 'rolled-back', finishedAtMs: 7 }),
      deployed('b', 30, { state: 'cancelled', finishedAtMs: 8 }),
      deployed('c', 30, { state: 'superseded' }),
      deployed('c', 20),
      deployed('d', 30, { state: 'finished', finishedAtMs: 9 }),
    ];
    const { rivals } = await findCandidates(readerOf(all, 77), cart, NOW_MS);
    const undone = Object.fromEntries(rivals.map(({ id, undoneAtMs }) => [id, undoneAtMs]));
    expect(undone).toEqual({
      'a-30': 77,
      'b-30': 8,
      'c-30': NOW_MS - 20 * MINUTE_MS,
      'c-20': undefined,
      'd-30': undefined,
    });
  });
});

describe('chooseNeighbours', () => {
  const kinds = new Set(['latency' as const]);
  const cart = deployed('cart', 10, {
    dependsOn: [{ service: 'payments' }, { service: 'other', environment: 'test' }],
  });
  const [spec] = fakePolicy.metrics;
  const withMetrics = (...metrics: readonly Partial<MetricSpec>[]): Deployment['policy'] => ({
    ...fakePolicy,
    metrics: metrics.flatMap((change) => (spec === undefined ? [] : [{ ...spec, ...change }])),
  });

  it('reads page by page, for many policies decoded at once would hold everything else up', async () => {
    const all = Array.from({ length: 700 }, (_, i) => deployed(`s${i}`, i + 1));
    const { deployments } = readerOf(all);
    const limits: number[] = [];
    const reader = {
      deployments: (query: Parameters<typeof deployments>[0]) => {
        limits.push(query.limit);
        return deployments(query);
      },
    };
    const { series, servicesLeftOut } = await chooseNeighbours(reader, cart, kinds, new Set(), NOW_MS);
    expect(limits).toEqual(new Array<number>(5).fill(100));
    expect(new Set(series.map(({ deployment }) => deployment.id)).size + servicesLeftOut).toBe(500);
  });

  it('takes rivals first, then dependencies and callers, and one policy a service', async () => {
    const all = [
      cart,
      deployed('mail', 20),
      deployed('payments', 40),
      deployed('payments', 300),
      deployed('front', 400, { dependsOn: [{ service: 'cart' }] }),
      deployed('search', 9),
    ];
    const found = await chooseNeighbours(readerOf(all), cart, kinds, new Set(['mail']), NOW_MS);
    expect(found.series.map(({ deployment }) => deployment.id)).toEqual([
      'mail-20',
      'payments-40',
      'front-400',
      'search-9',
    ]);
    expect(found.dependencies).toEqual([
      { service: 'cart', on: ['payments'] },
      { service: 'front', on: ['cart'] },
    ]);
    expect(found.servicesLeftOut).toBe(0);
  });

  it('reads the kinds that moved alone, at most two of a service, and none without a say', async () => {
    const policy = withMetrics(
      { name: 'a' },
      { name: 'b', kind: 'error' },
      { name: 'c', criticality: 'advisory' },
      { name: 'd' },
      { name: 'e' },
    );
    const found = await chooseNeighbours(
      readerOf([cart, deployed('mail', 20, { policy })]),
      cart,
      kinds,
      new Set(),
      NOW_MS,
    );
    expect(found.series.map((one) => one.spec.name)).toEqual(['a', 'd']);
  });

  it('never reads more than so many series, and says of how many services it did not', async () => {
    const all = Array.from({ length: 150 }, (_, i) => deployed(`s${i}`, 20 + i));
    const found = await chooseNeighbours(readerOf([cart, ...all]), cart, kinds, new Set(), NOW_MS);
    expect(found.series).toHaveLength(120);
    expect(found.servicesLeftOut).toBe(30);
  });
});
