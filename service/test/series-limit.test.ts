import { expect, it } from 'vitest';
import { ADMIN, createWorld } from './world.js';

const LIMIT = 1_000;
const series = (from: number, count: number, timeMs = 1_800_000_000_000) =>
  Array.from({ length: count }, (_, index) => ({
    project: 'default',
    metric: 'm',
    labels: { pod: `p-${from + index}` },
    type: 'gauge' as const,
    timesMs: [timeMs],
    values: [1],
  }));

it('refuses series beyond the limit, one push or many, and never a known one', async () => {
  const { useCases, store } = await createWorld();
  await expect(useCases.pushSamples(ADMIN, series(0, LIMIT + 1))).rejects.toMatchObject({
    code: 'too-many',
    message: expect.stringContaining(`${LIMIT} series`) as string,
    info: { retryAfterSeconds: 60, remedy: expect.stringContaining('limits.maxSeriesPerProject') as string },
  });
  expect(await store.samples.seriesCount('default')).toBe(0);
  await useCases.pushSamples(ADMIN, series(0, LIMIT));
  await expect(useCases.pushSamples(ADMIN, series(LIMIT - 1, 2))).rejects.toMatchObject({
    code: 'too-many',
  });
  expect(await useCases.pushSamples(ADMIN, series(0, LIMIT, 1_800_000_060_000))).toEqual({
    stored: LIMIT,
    replaced: 0,
  });
  expect(await store.samples.seriesCount('default')).toBe(LIMIT);
});
