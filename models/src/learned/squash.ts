/** Farther than this many standard units says no more. */
const CLIP = 30;

/**
 * Signed logarithm of a number of standard units, so that one outlier does not outweigh a window: sign(x) ln(1 + |x|),
 * clipped. NaN, which stands for "not known", becomes 0.
 *
 * @returns in [−ln 31, ln 31]
 */
export function squash(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.sign(value) * Math.log1p(Math.min(CLIP, Math.abs(value)));
}
