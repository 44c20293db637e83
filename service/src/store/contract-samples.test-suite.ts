import { describe, expect, it } from 'vitest';
import { aBatch, baseMs } from './contract-fixtures.js';
import type { CurrentStore, Reopen } from './contract-subject.js';
import type { SourceSeries } from '../domain/sample.js';

const everything = { project: 'shop', metric: 'latency_seconds', labels: {}, fromMs: 0, toMs: baseMs * 2 };
const pairs = (series: SourceSeries | undefined): readonly (readonly [number, number])[] =>
  Array.from(series?.timesMs ?? [], (timeMs, index) => [timeMs, series?.values[index] ?? NaN]);

/** Pushed samples. */
export function sampleContract(current: CurrentStore, reopen: Reopen): void {
  describe('samples', () => {
    it('come back ascending, in the half-open range, after a restart too', async () => {
      await current().samples.append([
        aBatch([
          [baseMs + 2, 2.5],
          [baseMs + 3, -0],
          [baseMs + 1, 1e-9],
        ]),
      ]);
      await reopen();
      const [series] = await current().samples.read({ ...everything, fromMs: baseMs + 1, toMs: baseMs + 3 });
      expect(series).toMatchObject({ labels: { service: 'cart' }, type: 'gauge' });
      expect(pairs(series)).toEqual([
        [baseMs + 1, 1e-9],
        [baseMs + 2, 2.5],
      ]);
    });

    it('are listed by label and time, before and after they are folded, with type and unit', async () => {
      await current().samples.append([
        aBatch([[baseMs, 1]]),
        {
          project: 'shop',
          metric: 'errors_total',
          type: 'counter',
          labels: { service: 'pay' },
          timesMs: [baseMs],
          values: [1],
        },
      ]);
      const query = { project: 'shop', labels: {}, fromMs: baseMs, toMs: baseMs + 1 };
      const cart = { metric: 'latency_seconds', labels: { service: 'cart' }, type: 'gauge', unit: 's' };
      const pay = { metric: 'errors_total', labels: { service: 'pay' }, type: 'counter' };
      const list = (change: Partial<typeof query> & { labels?: Record<string, string> }) =>
        current().samples.list({ ...query, ...change });
      expect(await list({})).toEqual([pay, cart]);
      // Folds everything and removes nothing.
      await current().prune(baseMs, { samplesMs: baseMs, ticksMs: 1, evidenceMs: 1, auditMs: 1 });
      await reopen();
      expect(await list({})).toEqual([pay, cart]);
      expect(await list({ labels: { service: 'cart', pod: '' } })).toEqual([cart]);
      expect(await list({ labels: { service: '' } })).toEqual([]);
      expect(await list({ project: 'other' })).toEqual([]);
      expect(await list({ fromMs: baseMs + 1, toMs: baseMs + 2 })).toEqual([]);
    });

    it('fit as far as there is room: known series always, with the type that is known, new ones up to the limit', async () => {
      const limits = { maxSeriesPerProject: 2 };
      const at = (pod: string, timeMs: number, type: 'gauge' | 'counter' = 'gauge') => ({
        ...aBatch([[timeMs, 1]], { labels: { pod } }),
        type,
      });
      await current().samples.append([at('a', baseMs)]);
      const first = await current().samples.appendWhatFits(
        [at('b', baseMs), at('c', baseMs), at('a', baseMs + 1, 'counter'), at('c', baseMs + 1)],
        limits,
      );
      expect(first).toMatchObject({ stored: 2, replaced: 0 });
      expect(first.leftOut.map(({ labels }) => labels['pod'])).toEqual(['c', 'c']);
      expect(await current().samples.appendWhatFits([at('b', baseMs), at('b', baseMs + 1)], limits)).toEqual({
        ...{ stored: 1, replaced: 1, leftOut: [] },
      });
      await reopen();
      const series = await current().samples.read(everything);
      expect(series.map(({ labels, type, timesMs }) => [labels['pod'], type, timesMs.length])).toEqual([
        ['a', 'gauge', 2],
        ['b', 'gauge', 2],
      ]);
      expect(await current().samples.seriesCount('shop')).toBe(2);
    });

    it('are read up to a limit of series', async () => {
      const pods = Array.from({ length: 5 }, (_, pod) =>
        aBatch([[baseMs, pod]], { labels: { pod: String(pod) } }),
      );
      await current().samples.append(pods);
      expect(await current().samples.read({ ...everything, limit: 3 })).toHaveLength(3);
      expect(await current().samples.read({ ...everything, limit: 6 })).toHaveLength(5);
    });

    it('replace what was pushed for the same millisecond and count that', async () => {
      expect(
        await current().samples.append([
          aBatch([
            [baseMs, 1],
            [baseMs + 1, 2],
          ]),
        ]),
      ).toEqual({ stored: 2, replaced: 0 });
      const again = [
        aBatch([
          [baseMs + 1, 3],
          [baseMs + 2, 4],
        ]),
        aBatch([[baseMs + 2, 5]]),
      ];
      expect(await current().samples.append(again)).toEqual({ stored: 1, replaced: 2 });
      const [series] = await current().samples.read(everything);
      expect(pairs(series)).toEqual([
        [baseMs, 1],
        [baseMs + 1, 3],
        [baseMs + 2, 5],
      ]);
      expect(await current().samples.append([])).toEqual({ stored: 0, replaced: 0 });
    });

    it('are matched by labels, an empty value meaning that the label is absent', async () => {
      const at = (labels: Record<string, string>) => aBatch([[baseMs, 1]], { labels });
      await current().samples.append([
        at({ service: 'cart', version: '1' }),
        at({ service: 'cart' }),
        at({ service: 'pay' }),
      ]);
      const labels = async (wanted: Record<string, string>) =>
        (await current().samples.read({ ...everything, labels: wanted }))
          .map((series) => series.labels)
          .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      expect(await labels({ service: 'cart' })).toEqual([
        { service: 'cart', version: '1' },
        { service: 'cart' },
      ]);
      expect(await labels({ service: 'cart', version: '' })).toEqual([{ service: 'cart' }]);
      expect(await labels({ region: 'eu' })).toEqual([]);
      expect(await labels({})).toHaveLength(3);
      await current().samples.append([at({ service: 'cart', version: '' })]);
      expect(await current().samples.seriesCount('shop')).toBe(3);
      expect(await current().samples.read({ ...everything, project: 'other' })).toEqual([]);
      expect(await current().samples.seriesCount('other')).toBe(0);
    });

    it('refuse another type for a known series, storing nothing of the push', async () => {
      await current().samples.append([aBatch([[baseMs, 1]])]);
      await reopen();
      const push = [
        aBatch([[baseMs, 1]], { labels: { service: 'new' } }),
        aBatch([[baseMs + 1, 2]], { type: 'counter' }),
      ];
      await expect(current().samples.append(push)).rejects.toMatchObject({ code: 'conflict' });
      expect(await current().samples.read(everything)).toHaveLength(1);
      expect(await current().samples.seriesCount('shop')).toBe(1);
      const both = [aBatch([[0, 1]], { metric: 'm' }), aBatch([[0, 1]], { metric: 'm', type: 'counter' })];
      await expect(current().samples.append(both)).rejects.toMatchObject({ code: 'conflict' });
    });

    it('beyond the limit of a project are refused whole, and known ones still pass', async () => {
      const at = (service: string, over = {}) => aBatch([[baseMs, 1]], { labels: { service }, ...over });
      const limits = { maxSeriesPerProject: 2 };
      const push = (...batches: ReturnType<typeof at>[]) => current().samples.append(batches, limits);
      await push(at('a'));
      await expect(push(at('a'), at('b'), at('c'))).rejects.toMatchObject({
        code: 'too-many-series',
        message: expect.stringMatching(/"shop" has 1 of at most 2 series, .* 2 new/) as string,
      });
      expect(await current().samples.seriesCount('shop')).toBe(1);
      await push(at('a'), at('b'));
      for (const restart of [false, true]) {
        if (restart) await reopen();
        await expect(push(at('c'))).rejects.toMatchObject({ code: 'too-many-series' });
        expect(await push(at('a', { timesMs: [baseMs + 1] }), at('b'))).toMatchObject({
          replaced: restart ? 2 : 1,
        });
      }
      await push(at('c', { project: 'other' }));
      await current().prune(baseMs * 2, { samplesMs: 0, ticksMs: 0, evidenceMs: 0, auditMs: 0 });
      expect(await push(at('c'), at('d'))).toEqual({ stored: 2, replaced: 0 });
    });

    it('may be pushed by many at once', async () => {
      const pushes = Array.from({ length: 50 }, (_, index) =>
        current().samples.append([aBatch([[baseMs + index, index]])]),
      );
      await Promise.all(pushes);
      const [series] = await current().samples.read(everything);
      expect(pairs(series)).toEqual(Array.from({ length: 50 }, (_, index) => [baseMs + index, index]));
    });
  });
}
