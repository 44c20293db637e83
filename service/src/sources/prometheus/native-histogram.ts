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

/** Bounds of a finer schema are thinned to powers of 2^(1/8), 9 % apart as of schema 3: always, for answers are compared with one another. */
const PER_OCTAVE = 8;
/** Of the finest schema that there is; bounds that lie on no schema were chosen by the user, and stay. */
const FINEST_PER_OCTAVE = 256;
/** Bounds are written in decimal digits; those of one schema are at least 0.2 % apart. */
const SAME = 1e-9;

function isOnGrid(bound: number, perOctave: number): boolean {
  const position = perOctave * Math.log2(bound);
  return Math.abs(position - Math.round(position)) < 1e-6;
}

function isKept(bound: number): boolean {
  return bound <= 0 || isOnGrid(bound, PER_OCTAVE) || !isOnGrid(bound, FINEST_PER_OCTAVE);
}

/** Every end of a bucket that was ever filled: between two of them nothing was observed where no bucket is. */
function boundsOf(points: readonly NativePoint[]): readonly number[] {
  const ends = new Set(points.flatMap(({ buckets }) => buckets.flatMap(({ low, high }) => [low, high])));
  return [...ends].filter((end) => Number.isFinite(end) && isKept(end)).toSorted((a, b) => a - b);
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
