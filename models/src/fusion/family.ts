import { isFit } from '../calibration/replay-plan.js';
import { withoutIncidents } from '../calibration/incident-limit.js';
import { quantileSorted } from '../statistical/quantile.js';
import { placeboRank, type PlaceboRank } from './placebo-rank.js';
import type { MetricShare } from './metric-shares.js';
import { loudestTogether } from './loudest-together.js';

/** One metric's part in a family. */
export interface FamilyMember {
  readonly share: MetricShare;
  /** Full-horizon normalised peaks of all placebos in time order, NaN where one could not be judged. */
  readonly peaks: Float64Array;
}

/** Metrics that are judged together against the placebos' joint peaks. */
export interface Family {
  readonly isCritical: boolean;
  /** Factor that turns each member's normalised score into the family's. */
  readonly factors: readonly number[];
  /** Factor that makes the loudest members together comparable with the loudest alone; 0 for a single member. */
  readonly togetherFactor: number;
  readonly rank: PlaceboRank;
}

/** Replaces what could not be judged by the metric's next judged placebo, so that gaps neither help nor harm. */
function withoutGaps(peaks: Float64Array): Float64Array {
  const out = peaks.slice();
  let next = peaks.find((peak) => !Number.isNaN(peak)) ?? 0;
  for (let index = out.length - 1; index >= 0; index--) {
    const own = out[index] ?? NaN;
    if (Number.isNaN(own)) out[index] = next;
    else next = own;
  }
  return out;
}

function largestOf(lines: readonly Float64Array[], length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => Math.max(0, ...lines.map((line) => line[index] ?? 0)));
}

function peakLevel(peaks: Float64Array): number {
  const fit = withoutIncidents(peaks.filter((_, index) => isFit(index))).sort();
  return fit.length === 0 ? 1 : quantileSorted(fit, 0.95) || 1;
}

/**
 * Joins metrics: the largest weighted score within a group, brought to the group's own placebo level, then the largest weighted group,
 * or the few loudest metrics together where that says more: some faults move one metric a lot, others several a little. Running
 * peaks only rise, and so does what is made of them: the family's full-horizon peak follows from the metrics' own.
 */
export function joinFamily(
  isCritical: boolean,
  members: readonly FamilyMember[],
  independent: number,
  alpha: number,
): Family {
  const length = members[0]?.peaks.length ?? 0;
  const filled = members.map((member) =>
    withoutGaps(member.peaks).map((peak) => peak * member.share.weightInGroup),
  );
  const groups = [...new Set(members.map((member) => member.share.group))];
  const levels = new Map(
    groups.map((group) => {
      const lines = filled.filter((_, index) => members[index]?.share.group === group);
      return [group, lines.length === 1 ? 1 : peakLevel(largestOf(lines, length))];
    }),
  );
  const factors = members.map(
    ({ share }) => (share.weightInGroup * share.groupWeight) / (levels.get(share.group) ?? 1),
  );
  const weighted = filled.map((line, index) => {
    const factor = (factors[index] ?? 1) / (members[index]?.share.weightInGroup ?? 1);
    return line.map((peak) => peak * factor);
  });
  const largest = largestOf(weighted, length);
  const together = Float64Array.from({ length }, (_, index) =>
    loudestTogether(weighted.map((line) => line[index] ?? 0)),
  );
  const togetherFactor = members.length > 1 ? peakLevel(largest) / peakLevel(together) : 0;
  const peaks = largest.map((peak, index) => Math.max(peak, togetherFactor * (together[index] ?? 0)));
  const ranked = peaks.filter((_, index) => !isFit(index));
  return { isCritical, factors, togetherFactor, rank: placeboRank(ranked, independent, alpha) };
}
