import type { Arm, StoredValues } from '@bellwether/models';

/** Digits that are kept of a value: enough for any comparison, and the stored input stays small. */
const DIGITS = 6;

/** One value an interval: a gauge as it is, a ratio as events over total, a histogram as the mean of its buckets' middles; NaN = missing. */
export function armValues(arm: Arm): Float64Array {
  if (arm.shape === 'gauge') return arm.values;
  if (arm.shape === 'ratio')
    return arm.events.map((events, k) => {
      const total = arm.totals[k] ?? NaN;
      return total > 0 ? events / total : NaN;
    });
  return histogramMeans(arm);
}

function histogramMeans({ upperBounds, counts }: Extract<Arm, { shape: 'histogram' }>): Float64Array {
  const length = counts[0]?.length ?? 0;
  return Float64Array.from({ length }, (_, k) => {
    let [sum, total] = [0, 0];
    counts.forEach((line, bucket) => {
      const count = line[k] ?? NaN;
      const low = upperBounds[bucket - 1] ?? 0;
      const high = upperBounds[bucket] ?? low;
      // Nobody knows how far beyond the last bound values lie.
      sum += count * (Number.isFinite(high) ? (low + high) / 2 : low);
      total += count;
    });
    return total > 0 ? sum / total : NaN;
  });
}

/** Means of `factor` neighbouring values; those that are missing are left out, and a part at the end is dropped. */
export function coarser(values: Float64Array, factor: number): Float64Array {
  if (factor === 1) return values;
  return Float64Array.from({ length: Math.floor(values.length / factor) }, (_, k) => {
    const seen = values.subarray(k * factor, (k + 1) * factor).filter((value) => !Number.isNaN(value));
    return seen.reduce((sum, value) => sum + value, 0) / seen.length;
  });
}

/** As it is stored: null for a missing value. */
export function storedValues(values: Float64Array): StoredValues {
  return Array.from(values, (value) => (Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null));
}
