import type { Arm } from '@bellwether/models';

type HistogramArm = Extract<Arm, { shape: 'histogram' }>;

/**
 * Reduces histograms to the bounds that all of them have: means over different buckets differ even where nothing moved, and such a step
 * would lie just where the deployment is.
 *
 * @param arms those that are compared; one that was never read has no bounds to speak of
 * @returns the same arm with these buckets; gauges and ratios as they are
 */
export function alikeBuckets(arms: readonly (Arm | undefined)[]): (arm: Arm) => Arm {
  const read = arms.filter(
    (arm): arm is HistogramArm => arm?.shape === 'histogram' && arm.upperBounds.length > 1,
  );
  const [first, ...others] = read.map(({ upperBounds }) => upperBounds);
  const shared = first?.filter((bound) => others.every((bounds) => bounds.includes(bound)));
  return (arm) => (arm.shape === 'histogram' && shared !== undefined ? reduced(arm, shared) : arm);
}

function reduced(arm: HistogramArm, bounds: Float64Array): Arm {
  const length = arm.counts[0]?.length ?? 0;
  const counts = Array.from(bounds, () => new Float64Array(length));
  arm.upperBounds.forEach((upper, bucket) => {
    const into = counts[bounds.findIndex((bound) => bound >= upper)];
    arm.counts[bucket]?.forEach((count, k) => {
      if (into !== undefined) into[k] = (into[k] ?? 0) + count;
    });
  });
  return { shape: 'histogram', upperBounds: bounds, counts };
}
