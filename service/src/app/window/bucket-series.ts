import type { SourceSeries } from '../../domain/sample.js';

/** The label that holds a bucket's upper end. */
export const BOUND_LABEL = 'le';

/** The bucket series of one instance, or of whatever else its other labels tell apart. */
export interface BucketGroup {
  /** By ascending upper end, without doubles; the last one counts all that was observed. */
  readonly buckets: readonly { readonly upperBound: number; readonly series: SourceSeries }[];
}

/** `+Inf` as Prometheus writes it; undefined for what is no bound. */
function boundOf({ labels }: SourceSeries): number | undefined {
  const text = labels[BOUND_LABEL]?.trim() ?? '';
  if (/^\+?inf(?:inity)?$/i.test(text)) return Infinity;
  const bound = text === '' ? NaN : Number(text);
  return Number.isFinite(bound) ? bound : undefined;
}

/** Which group a series belongs to: all of its labels but the bound. */
function groupKey({ labels }: SourceSeries): string {
  const { [BOUND_LABEL]: _bound, ...others } = labels;
  return JSON.stringify(Object.entries(others).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Cumulative bucket series by the histogram that they are of. Of two series with the same bound ("1" and "1.0") the one with more samples
 * counts; series without a readable bound are left out.
 *
 * @param others more series, such as native histograms, taken for groups that `series` does not hold
 */
export function bucketGroups(
  series: readonly SourceSeries[],
  others: readonly SourceSeries[] = [],
): readonly BucketGroup[] {
  const found = grouped(series);
  for (const [key, group] of grouped(others)) if (!found.has(key)) found.set(key, group);
  return [...found.values()].map((byBound) => ({
    buckets: [...byBound]
      .toSorted(([a], [b]) => a - b)
      .map(([upperBound, each]) => ({ upperBound, series: each })),
  }));
}

function grouped(series: readonly SourceSeries[]): Map<string, Map<number, SourceSeries>> {
  const groups = new Map<string, Map<number, SourceSeries>>();
  for (const each of series) {
    const bound = boundOf(each);
    if (bound === undefined) continue;
    const key = groupKey(each);
    const group = groups.get(key) ?? new Map<number, SourceSeries>();
    groups.set(key, group);
    const known = group.get(bound);
    if (known === undefined || known.timesMs.length < each.timesMs.length) group.set(bound, each);
  }
  return groups;
}
