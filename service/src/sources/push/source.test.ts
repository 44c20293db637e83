import { describe, expect, it } from 'vitest';
import type { SourceSeries } from '../../domain/sample.js';
import { createPushSource } from './source.js';

const query = { project: 'p', metric: 'latency', labels: { service: 'cart' }, fromMs: 0, toMs: 60_000 };

/** A store with so many series that match. */
function withSeries(count: number) {
  const asked: number[] = [];
  const all = Array.from({ length: count }, (_, pod): SourceSeries => ({
    ...{ labels: { pod: String(pod) }, type: 'gauge' },
    ...{ timesMs: new Float64Array([1]), values: new Float64Array([1]) },
  }));
  const source = createPushSource({
    read: ({ limit }) => {
      asked.push(limit);
      return Promise.resolve(all.slice(0, limit));
    },
    list: () => Promise.resolve([]),
  });
  return { source, asked };
}

describe('the source of what was pushed', () => {
  it('reads up to a thousand series', async () => {
    expect(await withSeries(1_000).source.fetch(query)).toHaveLength(1_000);
  });

  it('refuses a selector that matches more, and names it, some of them and the remedy', async () => {
    const { source, asked } = withSeries(5_000);
    await expect(source.fetch(query)).rejects.toMatchObject({
      code: 'too-many-series',
      retryable: false,
      message:
        'more than 1000 pushed series of "latency" match {"service":"cart"}, such as {"pod":"0"}, {"pod":"1"}, {"pod":"2"}; add labels to the selector',
    });
    // No more is held in memory than is needed to tell.
    expect(asked).toEqual([1_001]);
  });
});
