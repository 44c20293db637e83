import { expect, it } from 'vitest';
import { createInlineEngine } from '../../engine/inline-engine.js';
import { createEngineLanes } from './engine-lanes.js';

/** Lanes whose engines are counted. */
function lanesOf(count: number) {
  const counts = { made: 0, closed: 0 };
  const lanes = createEngineLanes(count, () => {
    counts.made += 1;
    return { ...createInlineEngine(), close: () => Promise.resolve(void (counts.closed += 1)) };
  });
  return { lanes, counts };
}

it('lends each engine to one at a time', async () => {
  const { lanes, counts } = lanesOf(2);
  let [busy, most] = [0, 0];
  const inUse = new Set<unknown>();
  const jobs = Array.from({ length: 20 }, (_, k) =>
    lanes.lend(async (engine) => {
      expect(inUse.has(engine)).toBe(false);
      inUse.add(engine);
      most = Math.max(most, ++busy);
      await new Promise((resolve) => setTimeout(resolve, k % 3));
      busy -= 1;
      inUse.delete(engine);
      return k;
    }),
  );
  expect(await Promise.all(jobs)).toEqual(Array.from({ length: 20 }, (_, k) => k));
  expect(most).toBe(2);
  await lanes.close();
  expect(counts).toEqual({ made: 2, closed: 2 });
});

it('replaces an engine that failed, and tells only its own window', async () => {
  const { lanes, counts } = lanesOf(1);
  const failed = lanes.lend(() => Promise.reject(new Error('out of memory')));
  const next = lanes.lend(() => Promise.resolve('judged'));
  await expect(failed).rejects.toThrow('out of memory');
  expect(await next).toBe('judged');
  expect(counts).toEqual({ made: 2, closed: 1 });
});

it('leaves nobody waiting when it is closed', async () => {
  const { lanes } = lanesOf(1);
  const busy = lanes.lend(() => new Promise((resolve) => setTimeout(resolve, 10)));
  const waiting = lanes.lend(() => Promise.resolve());
  const free = lanes.free();
  await lanes.close();
  await expect(waiting).rejects.toThrow('closed');
  await free;
  await busy;
});
