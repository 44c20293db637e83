import type { Reason } from '../contract.js';

/** How much of a metric has been seen since the change. */
export interface Coverage {
  /** Share of judged intervals with data, 0–1. */
  readonly share: number;
  /** Judged intervals with data. */
  readonly seen: number;
  /** Intervals without data at the end. */
  readonly silentFor: number;
  /** Judged intervals so far (warm-up excluded). */
  readonly judged: number;
}

/** A metric is silent after this share of the watch without data … */
const SILENT_SHARE = 0.1;
/** … but never before this many intervals. */
const SILENT_LOOKS = 3;

/** @param has whether an interval (0-based since the change) holds data */
export function measureCoverage(
  has: (interval: number) => boolean,
  look: number,
  warmupLooks: number,
): Coverage {
  let seen = 0;
  let silentFor = 0;
  for (let interval = warmupLooks; interval < look; interval++) {
    if (has(interval)) {
      seen++;
      silentFor = 0;
    } else silentFor++;
  }
  const judged = Math.max(0, look - warmupLooks);
  return { share: judged === 0 ? 0 : seen / judged, seen, silentFor, judged };
}

/** Why a metric cannot be judged at this look, or undefined when it can. */
export function coverageGap(
  name: string,
  coverage: Coverage,
  minCoverage: number,
  plannedLooks: number,
): Reason | undefined {
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  if (coverage.judged === 0)
    return { code: 'warming-up', metric: name, text: `${name} is still in its declared warm-up.` };
  if (coverage.seen === 0)
    return { code: 'no-data', metric: name, text: `${name} has sent no data since the change.` };
  if (coverage.silentFor >= Math.max(SILENT_LOOKS, SILENT_SHARE * plannedLooks)) {
    return {
      code: 'fell-silent',
      metric: name,
      text: `${name} has sent nothing for the last ${coverage.silentFor} intervals.`,
    };
  }
  if (coverage.share < minCoverage) {
    const text = `${name} has data in ${percent(coverage.share)} of the intervals; ${percent(minCoverage)} are needed.`;
    return { code: 'low-coverage', metric: name, text };
  }
  return undefined;
}
