/** One native histogram at one instant, as the HTTP API writes it. */
export interface NativePoint {
  readonly timeMs: number;
  readonly count: number;
  readonly buckets: readonly {
    readonly low: number;
    readonly high: number;
    readonly count: number;
  }[];
}

/** One bound of a histogram over time. */
interface BucketSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** More bounds than this are thinned to those that are a power of 2^(1/4): 19 % apart, as of schema 2. */
const MOST_BOUNDS = 48;
const PER_OCTAVE = 4;
/** Bounds are written in decimal digits; those of one schema are at least 0.2 % apart. */
const SAME = 1e-9;

function isOnGrid(bound: number): boolean {
  if (bound <= 0) return true;
  const position = PER_OCTAVE * Math.log2(bound);
  return Math.abs(position - Math.round(position)) < 1e-6;
}

/** Every end of a bucket that was ever filled: between two of them nothing was observed where no bucket is. */
function boundsOf(points: readonly NativePoint[]): readonly number[] {
  const ends = new Set(points.flatMap(({ buckets }) => buckets.flatMap(({ low, high }) => [low, high])));
  const finite = [...ends].filter(Number.isFinite).toSorted((a, b) => a - b);
  return finite.length > MOST_BOUNDS ? finite.filter(isOnGrid) : finite;
}

/** Observations up to a bound; NaN where a bucket holds the bound, as after the resolution was lowered. */
function countUpTo({ buckets }: NativePoint, bound: number): number {
  const slack = SAME * Math.abs(bound);
  let sum = 0;
  for (const { low, high, count } of buckets) {
    if (high <= bound + slack) sum += count;
    else if (low < bound - slack && count > 0) return NaN;
  }
  return sum;
}

/**
 * A native histogram as the classic bucket series that say the same: for each bound what was observed up to it, with the label `le`.
 * Negative buckets and the one around zero stand where their ends are.
 *
 * @param labels of the histogram
 */
export function classicBuckets(
  labels: Readonly<Record<string, string>>,
  points: readonly NativePoint[],
): readonly BucketSeries[] {
  const lines = [
    ...boundsOf(points).map((bound) => ({
      le: String(bound),
      values: points.map((point) => countUpTo(point, bound)),
    })),
    { le: '+Inf', values: points.map(({ count }) => count) },
  ];
  return lines.map(({ le, values }) => {
    const known = [...values.keys()].filter((index) => Number.isFinite(values[index]));
    return {
      labels: { ...labels, le },
      timesMs: Float64Array.from(known, (index) => points[index]?.timeMs ?? NaN),
      values: Float64Array.from(known, (index) => values[index] ?? NaN),
    };
  });
}
