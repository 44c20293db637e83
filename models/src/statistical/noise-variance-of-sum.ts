/**
 * Variance of a weighted sum of first-order autoregressive noise of variance 1, Σᵢ Σⱼ wᵢ wⱼ φ^|i−j|, exact where values are
 * missing, in one pass.
 *
 * @param indices ascending places of the values that are there
 * @param weights one a place
 * @param correlation of neighbouring values, in [0, 1)
 * @example noiseVarianceOfSum([0, 1], [0.5, 0.5], 0) // 0.5
 */
export function noiseVarianceOfSum(
  indices: readonly number[],
  weights: readonly number[],
  correlation: number,
): number {
  let variance = 0;
  let carried = 0;
  indices.forEach((index, place) => {
    const weight = weights[place] ?? 0;
    const apart = index - (indices[place - 1] ?? index);
    carried *= correlation ** apart;
    variance += weight * (weight + 2 * carried);
    carried += weight;
  });
  return variance;
}
