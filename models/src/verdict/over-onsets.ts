import type { MeanShift } from '../scoring/mean-shift.js';
import { onsetsOf } from '../scoring/onsets.js';

/** Natural logs of e-values beyond this all count the same, lest their sum overflow. */
const MOST_LOG_E = 690;

/** What all onsets together say. */
export interface OnsetEvidence {
  /** Natural log of the weighted mean of their e-values. */
  readonly logE: number;
  /** Since the onset that speaks most of harm. */
  readonly shift: MeanShift;
  /** That onset, intervals since the change. */
  readonly onset: number;
}

/**
 * The e-values of all onsets together, and the onset that speaks most of harm.
 *
 * @param warmupLooks first interval that is judged
 * @param look intervals since the change that were seen
 * @param sinceChange the shift since the end of the warm-up
 * @param shiftFrom the shift since a later onset; undefined while too little was seen of it, which counts as an e-value of 1
 * @param logEOf natural log of a shift's e-value
 */
export function overOnsets(
  warmupLooks: number,
  look: number,
  sinceChange: MeanShift,
  shiftFrom: (onset: number) => MeanShift | undefined,
  logEOf: (shift: MeanShift) => number,
): OnsetEvidence {
  let best = { shift: sinceChange, onset: warmupLooks, share: 0 };
  let [sum, unused] = [0, 1];
  for (const { from, weight } of onsetsOf(warmupLooks, look)) {
    const shift = from === warmupLooks ? sinceChange : shiftFrom(from);
    if (shift === undefined) continue;
    const share = weight * Math.exp(Math.min(MOST_LOG_E, logEOf(shift)));
    sum += share;
    unused -= weight;
    if (share > best.share) best = { shift, onset: from, share };
  }
  return { logE: Math.log(sum + unused), shift: best.shift, onset: best.onset };
}
