import type { ShiftedMetric } from './attribution-contract.js';
import type { OnsetSeries } from './estimate-onset.js';
import { meanOf, numbersOf, commonScale, oriented, tamed, withoutSeason } from './oriented-series.js';

/**
 * A metric as a series in which a shift can be placed: on a logarithmic scale, harm up, without season, wild values drawn in. Of one that
 * is read beside a control group it is the difference between the arms, which cannot have begun before the new version ran; its quiet
 * time is played by the control group about its own mean.
 *
 * @param change index of the deployment
 * @returns none when there is nothing to see before the change
 */
export function shiftSeries(metric: ShiftedMetric, change: number): readonly OnsetSeries[] {
  const values = numbersOf(metric.values);
  const { weight, direction } = metric;
  if (metric.control !== undefined) {
    const difference = betweenArms(values, numbersOf(metric.control), change);
    return difference === undefined
      ? []
      : [{ values: tamed(oriented(difference, direction, change), change), weight, first: change }];
  }
  const scale = commonScale(values, change);
  if (scale === undefined) return [];
  const scaled = scale(values);
  const rest =
    metric.expected === undefined ? scaled : withoutSeason(scaled, scale(numbersOf(metric.expected)), change);
  return [{ values: tamed(oriented(rest, direction, change), change), weight, first: 0 }];
}

function betweenArms(
  treatment: Float64Array,
  control: Float64Array,
  change: number,
): Float64Array | undefined {
  // Both arms on the control group's scale, or a ratio of counts near zero would differ by its scale alone.
  const scale = commonScale(control, change);
  if (scale === undefined) return undefined;
  const old = scale(control);
  const mean = meanOf(old, 0, change);
  return scale(treatment).map((value, k) => (k < change ? (old[k] ?? NaN) - mean : value - (old[k] ?? NaN)));
}
