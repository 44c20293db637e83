import type { Direction } from '../contract.js';
import type { LearnedScorer } from './learned-scorer.js';
import { writeLinesInput } from './window-input.js';
import { linesOfSteps } from './window-lines.js';
import { INPUT_SIZE } from './window-shape.js';
import type { WindowSteps } from './window-steps.js';

/** All that scores windows: a loaded model. */
export type WindowScorer = Pick<LearnedScorer, 'model' | 'backend' | 'score'>;

/** One metric at one look, live or placebo. */
export interface LookWindow {
  readonly steps: WindowSteps;
  /** Steps that have happened. */
  readonly end: number;
  /** Steps at the beginning that are declared warm-up. */
  readonly warmup: number;
  readonly direction: Direction;
  /** See `WindowReading`. */
  readonly smallestScale: number;
}

/** Windows whose inputs are in memory at once: some 3 MB. */
const AT_ONCE = 1024;

/** The movements that are asked for. */
function waysOf(direction: Direction): readonly Exclude<Direction, 'both'>[] {
  return direction === 'both' ? ['up', 'down'] : [direction];
}

/**
 * Scores windows. One whose harm lies both ways is asked once each way, and the larger logit counts.
 *
 * @returns a logit for each window, larger = more like harm; NaN where a window says too little
 */
export function lookLogits(scorer: WindowScorer, windows: readonly LookWindow[]): Float64Array {
  const logits = new Float64Array(windows.length).fill(NaN);
  const batch = new Float32Array(INPUT_SIZE * Math.min(AT_ONCE, 2 * windows.length));
  let asked: number[] = [];
  const flush = (): void => {
    scorer.score(batch, asked.length).forEach((logit, place) => {
      const window = asked[place] ?? 0;
      const before = logits[window] ?? NaN;
      logits[window] = Number.isNaN(before) ? logit : Math.max(before, logit);
    });
    asked = [];
  };
  windows.forEach(({ steps, end, warmup, direction, smallestScale }, window) => {
    for (const way of waysOf(direction)) {
      const lines = linesOfSteps(steps, end, warmup, { direction: way, smallestScale });
      if (lines === undefined) continue;
      writeLinesInput(lines, batch, asked.length);
      asked.push(window);
      if (asked.length === AT_ONCE) flush();
    }
  });
  if (asked.length > 0) flush();
  return logits;
}
