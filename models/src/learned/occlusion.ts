import { lookLogits, type LookWindow, type WindowScorer } from './look-window.js';
import { PATCH, STEPS } from './window-shape.js';

/** How much of a window's logit rests on one stretch since the change. */
export interface Occluded {
  /** Steps since the change, half-open. */
  readonly from: number;
  readonly to: number;
  /** Logit of the window minus its logit without the stretch: positive where the stretch speaks for harm. */
  readonly weight: number;
}

function without(window: LookWindow, from: number): LookWindow {
  const today = window.steps.today.slice().fill(NaN, STEPS + from, STEPS + from + PATCH);
  return { ...window, steps: { ...window.steps, today } };
}

/**
 * Explains a score by leaving out one patch of the after-window at a time (occlusion, Zeiler & Fergus 2014). A patch without
 * which nothing is left to judge weighs as much as the whole score.
 *
 * @returns one entry a patch that has begun; empty when the window says too little
 */
export function occlusion(scorer: WindowScorer, window: LookWindow): readonly Occluded[] {
  const starts = Array.from({ length: Math.ceil(window.end / PATCH) }, (_, patch) => patch * PATCH);
  const [whole = NaN, ...left] = lookLogits(scorer, [window, ...starts.map((from) => without(window, from))]);
  if (Number.isNaN(whole)) return [];
  return starts.map((from, patch) => {
    const logit = left[patch] ?? NaN;
    return {
      from,
      to: Math.min(window.end, from + PATCH),
      weight: Number.isNaN(logit) ? whole : whole - logit,
    };
  });
}
