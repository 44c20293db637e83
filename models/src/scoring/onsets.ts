/** An instant from which on something may have changed, and how much attention it gets. */
export interface Onset {
  /** Intervals since the change. */
  readonly from: number;
  /** Share of the attention, > 0. */
  readonly weight: number;
}

/** Attention to a change at once, as most releases that harm do. */
const AT_ONCE = 0.5;

/**
 * The onsets that a watch is asked about: the change itself, and later ones at Fibonacci distances. An onset in the future counts as
 * one without evidence, so that the weighted mean of their e-values is an e-process, too (Shin, Ramdas & Rinaldo 2022,
 * "E-detectors"; here with one change and fixed weights). Weights do not depend on the plan: half for the change, the rest as 1/(j(j+1)).
 *
 * @param warmup first interval that is judged
 * @param look intervals since the change that were seen; later onsets are left out, their weight stays with them
 */
export function onsetsOf(warmup: number, look: number): readonly Onset[] {
  const onsets: Onset[] = [{ from: warmup, weight: AT_ONCE }];
  for (
    let [step, next, rank] = [1, 2, 1];
    warmup + step < look;
    [step, next, rank] = [next, step + next, rank + 1]
  )
    onsets.push({ from: warmup + step, weight: (1 - AT_ONCE) / (rank * (rank + 1)) });
  return onsets;
}
