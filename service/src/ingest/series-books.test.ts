import { expect, it } from 'vitest';
import { SeriesBooks } from './series-books.js';

const HOUR_MS = 3_600_000;
const NOW_MS = 1_769_860_800_000;

function scene(maxSeriesPerToken = 2) {
  let nowMs = NOW_MS;
  const books = new SeriesBooks({
    rules: [],
    maxSeriesPerToken,
    maxFutureMs: 600_000,
    maxAgeMs: HOUR_MS * 24,
    clock: () => nowMs,
  });
  const push = (names: readonly string[], id = 'a') => {
    const sink = books.sink({ id, project: 'default' });
    for (const name of names)
      sink.add(
        sink.series(name, () => ({ metric: name, labels: { job: 'j' }, type: 'gauge' })),
        nowMs,
        1,
      );
    return sink.gather();
  };
  return { books, push, wait: (ms: number) => (nowMs += ms) };
}

it('takes so many different series of one sender; others have a limit of their own', () => {
  const { push, books } = scene();
  expect(push(['x', 'y', 'z', 'x']).refusals).toMatchObject([{ reason: 'token-series-limit', samples: 1 }]);
  expect(push(['x', 'y']).refusals).toEqual([]);
  expect(push(['z'], 'b').refusals).toEqual([]);
  expect(books.sizes()).toEqual(
    new Map([
      ['a', 2],
      ['b', 1],
    ]),
  );
});

it('forgets series that were not seen for a turn, and those alone', () => {
  const { push, books, wait } = scene();
  push(['x', 'y']);
  wait(HOUR_MS);
  expect(push(['x']).refusals).toEqual([]);
  expect(books.sizes().get('a')).toBe(2);
  wait(HOUR_MS);
  expect(push(['x', 'new']).refusals).toEqual([]);
  expect(books.sizes().get('a')).toBe(2);
  wait(HOUR_MS);
  push([], 'b');
  wait(HOUR_MS);
  push([], 'b');
  expect([...books.sizes().keys()]).toEqual(['b']);
});

it('runs the work of one sender in turns, and goes on after a failure', async () => {
  const { books } = scene();
  const order: string[] = [];
  const work = (name: string, ms: number) => async () => {
    order.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, ms));
    order.push(`${name} ends`);
    if (name === 'first') throw new Error('no');
  };
  const [first] = await Promise.allSettled([
    books.inTurn({ id: 'a' }, work('first', 20)),
    books.inTurn({ id: 'a' }, work('second', 1)),
  ]);
  expect(first.status).toBe('rejected');
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

it('gives batches ascending, one sample a millisecond, and counts what is no value or has a wrong time', () => {
  const { books } = scene();
  const sink = books.sink({ id: 'a', project: 'shop' });
  const series = sink.series('x', () => ({ metric: 'm', labels: {}, type: 'gauge', unit: 's' }));
  for (const [at, value] of [
    [5, 1],
    [3, 2],
    [5, 3],
    [4, NaN],
    [4, Infinity],
    [-HOUR_MS * 25, 1],
    [HOUR_MS, 1],
    [NaN, 1],
  ] as const)
    sink.add(series, NOW_MS + at, value);
  const { batches, samples, refusals } = sink.gather();
  expect(batches).toEqual([
    {
      project: 'shop',
      metric: 'm',
      labels: {},
      type: 'gauge',
      unit: 's',
      timesMs: [NOW_MS + 3, NOW_MS + 5],
      values: [2, 3],
    },
  ]);
  expect(samples).toBe(3);
  expect(refusals.map(({ reason, samples: count }) => [reason, count])).toEqual([
    ['no-value', 2],
    ['too-old', 2],
    ['in-the-future', 1],
  ]);
});
