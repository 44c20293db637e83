import type { LearnedScorer } from './learned-scorer.js';
import { writeWindowInput } from './window-input.js';
import { stepWidth, type WindowRequest } from './window-lines.js';
import { INPUT_SIZE, PATCH } from './window-shape.js';

/** How much of a window's logit rests on one stretch since the change. */
export interface Occluded {
  /** Intervals since the change, half-open. */
  readonly from: number;
  readonly to: number;
  /** Logit of the window minus its logit without the stretch: positive where the stretch speaks for harm. */
  readonly weight: number;
}

/**
 * Explains a score by leaving out one patch of the after-window at a time (occlusion, Zeiler & Fergus 2014). A patch without
 * which nothing is left to judge weighs as much as the whole score.
 *
 * @returns one entry a patch that has begun; empty when the window says too little
 */
export function occlusion(scorer: LearnedScorer, request: WindowRequest): readonly Occluded[] {
  const { at, look, plannedLooks, values } = request;
  const width = PATCH * stepWidth(plannedLooks);
  const patches = Math.ceil(look / width);
  const batch = new Float32Array((patches + 1) * INPUT_SIZE);
  if (!writeWindowInput(request, batch, 0)) return [];
  const left = Array.from({ length: patches }, (_, patch) => {
    const without = values.slice(0, at + look).fill(NaN, at + patch * width, at + (patch + 1) * width);
    return writeWindowInput({ ...request, values: without }, batch, patch + 1);
  });
  const scores = scorer.score(batch, patches + 1);
  const whole = scores[0] ?? 0;
  return left.map((known, patch) => ({
    from: patch * width,
    to: Math.min(look, (patch + 1) * width),
    weight: known ? whole - (scores[patch + 1] ?? 0) : whole,
  }));
}
