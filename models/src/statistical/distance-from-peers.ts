import { quantileSorted } from './quantile.js';

/** Of two that differ nobody can say which is the odd one. */
const FEWEST_PEERS = 3;

/**
 * How far the furthest of several peers stands from their median, moment by moment: |x − median| without a division by a scale, as in
 * the identifiers of Davies & Gather, "The identification of multiple outliers" (JASA 88, 1993), so that it keeps the unit of the
 * values. What moves all peers alike leaves it as it is; fewer than half of them cannot hide by moving together.
 *
 * @param peers one array a peer, each of length `count`; NaN or ±∞ = no value
 * @returns array of length `count`, each ≥ 0; NaN where fewer than three peers have a value
 * @example distanceFromPeers([Float64Array.of(5), Float64Array.of(5), Float64Array.of(9)], 1) // [4]
 */
export function distanceFromPeers(peers: readonly Float64Array[], count: number): Float64Array {
  const column = new Float64Array(peers.length);
  return Float64Array.from({ length: count }, (_, moment) => {
    let seen = 0;
    for (const values of peers) {
      const value = values[moment] ?? NaN;
      if (Number.isFinite(value)) column[seen++] = value;
    }
    if (seen < FEWEST_PEERS) return NaN;
    const sorted = column.subarray(0, seen).sort();
    const middle = quantileSorted(sorted, 0.5);
    return Math.max(middle - (sorted[0] ?? NaN), (sorted[seen - 1] ?? NaN) - middle);
  });
}
