/** The most probable place and the hull of the most probable places; indices, both ends included. */
export interface CredibleInterval {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Hull of the smallest set of places that has at least `level` of the probability (highest posterior density); it holds the mode.
 *
 * @param probability not negative, adding up to 1; not empty
 * @throws RangeError when there is no place or the level lies outside (0, 1)
 * @example credibleInterval(Float64Array.of(0.1, 0.7, 0.2), 0.8) // { at: 1, from: 1, to: 2 }
 */
export function credibleInterval(probability: Float64Array, level: number): CredibleInterval {
  if (!(level > 0 && level < 1)) throw new RangeError(`level must lie in (0, 1), got ${level}`);
  if (probability.length === 0) throw new RangeError('there is no place to choose from');
  const order = Array.from(probability.keys()).sort(
    (a, b) => (probability[b] ?? 0) - (probability[a] ?? 0) || a - b,
  );
  const at = order[0] ?? 0;
  let [from, to, mass] = [at, at, 0];
  for (const place of order) {
    if (mass >= level) break;
    mass += probability[place] ?? 0;
    from = Math.min(from, place);
    to = Math.max(to, place);
  }
  return { at, from, to };
}
