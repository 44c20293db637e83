import { describe, expect, it } from 'vitest';
import { createReadiness, type ReadinessFacts } from './readiness.js';

const NOW_MS = 1_000_000;
const healthy: ReadinessFacts = {
  clock: () => NOW_MS,
  phase: () => 'running',
  store: () => Promise.resolve(undefined),
  engine: () => ({ threads: 2, up: 2, queued: 0 }),
  scheduler: () => ({ active: 1, overdue: 0, refreshedAtMs: NOW_MS - 4_000 }),
  sources: () => new Map([['push', { code: 'ok', atMs: NOW_MS }]]),
  storeLimitMs: 20,
};
const look = (facts: Partial<ReadinessFacts>) => createReadiness({ ...healthy, ...facts })();

it('is ready when everything works', async () => {
  const { status, components } = await look({});
  expect(status).toBe('ok');
  expect(Object.keys(components)).toEqual(['store', 'engine', 'scheduler', 'source:push']);
});

it.each(['starting', 'stopping'] as const)('is not ready while %s', async (phase) => {
  expect(await look({ phase: () => phase })).toEqual({ status: phase, components: {} });
});

describe('not ready', () => {
  it.each<[string, string, Partial<ReadinessFacts>, string]>([
    ['the store fails', 'store', { store: () => Promise.reject(new Error('disk gone')) }, 'disk gone'],
    [
      'the store gives no answer',
      'store',
      { store: () => new Promise(() => undefined) },
      'no answer within 20 ms',
    ],
    [
      'no engine thread runs',
      'engine',
      { engine: () => ({ threads: 2, up: 0, queued: 9 }) },
      '0 of 2 threads',
    ],
    [
      'the scheduler is stuck',
      'scheduler',
      { scheduler: () => ({ active: 1, overdue: 0, refreshedAtMs: NOW_MS - 61_000 }) },
      'last read 61 s ago',
    ],
    [
      'the scheduler has read nothing yet',
      'scheduler',
      { scheduler: () => ({ active: 0, overdue: 0 }) },
      'not been read yet',
    ],
  ])('when %s', async (_title, component, facts, detail) => {
    const { status, components } = await look(facts);
    expect(status).toBe('unready');
    expect(components[component]?.status).toBe('failing');
    expect(components[component]?.detail).toContain(detail);
  });
});

describe('degraded, and still serving', () => {
  it.each<[string, string, Partial<ReadinessFacts>]>([
    ['an engine thread is being replaced', 'engine', { engine: () => ({ threads: 2, up: 1, queued: 0 }) }],
    ['a look is late', 'scheduler', { scheduler: () => ({ active: 2, overdue: 1, refreshedAtMs: NOW_MS }) }],
    [
      'a source gives no answer',
      'source:prom',
      { sources: () => new Map([['prom', { code: 'unavailable', detail: 'no route', atMs: NOW_MS }]]) },
    ],
    [
      'the policy folder holds a mistake',
      'policies',
      { policies: () => ({ status: 'degraded', detail: 'cart.yaml:3: unknown key "alfa"' }) },
    ],
  ])('when %s', async (_title, component, facts) => {
    const { status, components } = await look(facts);
    expect(status).toBe('degraded');
    expect(components[component]?.status).toBe('degraded');
  });
});

it('reads the store once, however many ask at once', async () => {
  let reads = 0;
  const store = () => Promise.resolve(void (reads += 1));
  const ready = createReadiness({ ...healthy, store });
  await Promise.all(Array.from({ length: 20 }, ready));
  expect(reads).toBe(1);
});

it('does not blame a source for a question that was wrong', async () => {
  const sources = () => new Map([['prom', { code: 'bad-query', detail: 'parse error', atMs: NOW_MS }]]);
  expect((await look({ sources })).status).toBe('ok');
});
