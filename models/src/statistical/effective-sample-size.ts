function centred(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length);
  let count = 0;
  let mean = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? NaN;
    if (value !== value) continue;
    kept[count++] = value;
    mean += (value - mean) / count;
  }
  return kept.subarray(0, count).map((value) => value - mean);
}

function autocovariance(deviations: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < deviations.length; i += 1) sum += (deviations[i] ?? 0) * (deviations[i - lag] ?? 0);
  return sum / deviations.length;
}

/**
 * How many independent values an autocorrelated sequence is worth: n / (1 + 2 Σ ρ_k), with the sum ended by Geyer's initial
 * monotone positive sequence (Geyer 1992, "Practical Markov chain Monte Carlo", section 3.3). NaN is dropped.
 *
 * @param values in order; cost n × (lags until the correlation dies out).
 * @returns in [1, n]; n for a constant or uncorrelated sequence, 0 when there is no value.
 * @example effectiveSampleSize([1, 2, 1, 3, 2, 1, 2, 3]) // 8
 */
export function effectiveSampleSize(values: ArrayLike<number>): number {
  const deviations = centred(values);
  const count = deviations.length;
  const variance = autocovariance(deviations, 0);
  if (count < 4 || !(variance > 0)) return count;
  let smallestPair = Infinity;
  let sum = 0;
  for (let lag = 0; lag + 1 < count; lag += 2) {
    const pair = autocovariance(deviations, lag) + autocovariance(deviations, lag + 1);
    if (pair <= 0) break;
    smallestPair = Math.min(smallestPair, pair);
    sum += smallestPair;
  }
  const inflation = (2 * sum) / variance - 1;
  return Math.min(count, Math.max(1, count / Math.max(inflation, 1)));
}
