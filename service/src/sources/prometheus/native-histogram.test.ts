import { describe, expect, it } from 'vitest';
import { decodeMatrix, UndecodableAnswer } from './decode.js';
import { classicBuckets } from './native-histogram.js';

const labels = { __name__: 'seconds', pod: 'a' };
const valuesBy = (series: ReturnType<typeof classicBuckets>): Record<string, readonly number[]> =>
  Object.fromEntries(series.map((each) => [each.labels['le'] ?? '', [...each.values]]));

describe('a native histogram', () => {
  it('becomes the counts up to each end of its buckets', () => {
    const buckets = [
      { low: -0.001, high: 0.001, count: 1 },
      { low: 0.5, high: 1, count: 4 },
      { low: 1, high: 2, count: 5 },
    ];
    const series = classicBuckets(labels, [{ timeMs: 1000, count: 10, buckets }]);
    expect(valuesBy(series)).toEqual({
      '-0.001': [0],
      '0.001': [1],
      '0.5': [1],
      '1': [5],
      '2': [10],
      '+Inf': [10],
    });
    expect(series[0]?.labels).toMatchObject(labels);
  });

  it('of a fine schema is thinned to 9 % and counts the same there', () => {
    const bounds = Array.from({ length: 161 }, (_, i) => 2 ** ((i - 80) / 16));
    const buckets = bounds.slice(1).map((high, i) => ({ low: bounds[i] ?? NaN, high, count: i + 1 }));
    const count = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
    const found = valuesBy(classicBuckets(labels, [{ timeMs: 0, count, buckets }]));
    expect(Object.keys(found)).toHaveLength(82);
    expect(found['1']).toEqual([buckets.slice(0, 80).reduce((sum, bucket) => sum + bucket.count, 0)]);
    expect(found['+Inf']).toEqual([count]);
  });

  it('is thinned alike however many buckets are filled, for a short answer is compared with a long one', () => {
    const boundsOf = (count: number): readonly string[] => {
      const bounds = Array.from({ length: count + 1 }, (_, i) => 2 ** ((i - 20) / 16));
      const buckets = bounds.slice(1).map((high, i) => ({ low: bounds[i] ?? NaN, high, count: 1 }));
      return Object.keys(valuesBy(classicBuckets(labels, [{ timeMs: 0, count, buckets }])));
    };
    const long = new Set(boundsOf(160));
    expect(boundsOf(30).filter((bound) => !long.has(bound))).toEqual([]);
    const chosen = [0.003, 0.01, 0.3].map((high) => ({ low: high / 2, high, count: 1 }));
    expect(
      Object.keys(valuesBy(classicBuckets(labels, [{ timeMs: 0, count: 3, buckets: chosen }]))),
    ).toContain('0.003');
  });

  it('says nothing of a bound that lies within a bucket, as after its resolution was lowered', () => {
    const fine = {
      timeMs: 0,
      count: 3,
      buckets: [
        { low: 1, high: 1.5, count: 1 },
        { low: 1.5, high: 2, count: 2 },
      ],
    };
    const coarse = { timeMs: 1000, count: 4, buckets: [{ low: 1, high: 2, count: 4 }] };
    const found = valuesBy(classicBuckets(labels, [fine, coarse]));
    expect(found).toEqual({ '1': [0, 0], '1.5': [1], '2': [3, 4], '+Inf': [3, 4] });
  });
});

describe('an answer with native histograms', () => {
  const point = [1.5, { count: '3', sum: '4.2', buckets: [[0, '1', '2', '3']] }];
  const answer = (histograms: unknown) => ({
    resultType: 'matrix',
    result: [{ metric: labels, histograms }],
  });

  it('is taken where they are wanted, and refused with a remedy where a number is', () => {
    expect(valuesBy(decodeMatrix(answer([point]), true))).toEqual({ '1': [0], '2': [3], '+Inf': [3] });
    expect(decodeMatrix(answer([point]), true)[0]?.timesMs).toEqual(Float64Array.of(1500));
    expect(() => decodeMatrix(answer([point]))).toThrow(/signal of type "histogram"/);
  });

  it.each([[[1]], [[1, {}, 2]], [['x', { count: '1' }]], [[1, { count: '1', buckets: [['a']] }]]])(
    'is refused where a point is no histogram: %j',
    (odd) => {
      const points = decodedOrThrown(() => decodeMatrix(answer([odd]), true));
      expect(points === undefined || points.every(({ values }) => values.length === 0)).toBe(true);
    },
  );
});

function decodedOrThrown(decode: () => ReturnType<typeof decodeMatrix>) {
  try {
    return decode();
  } catch (error) {
    expect(error).toBeInstanceOf(UndecodableAnswer);
    return undefined;
  }
}
