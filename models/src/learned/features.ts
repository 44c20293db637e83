import { median } from '../statistical/quantile.js';
import { courseFeatures } from './course-features.js';
import { logRatio, sampleFeatures } from './sample-features.js';
import { squash } from './squash.js';
import { dominance, moments, quartileRange, sortedSeen } from './two-samples.js';
import type { WindowLines } from './window-lines.js';
import { STEPS } from './window-shape.js';

/** Reference days beyond this many add nothing that the net would need to know. */
const MOST_DAYS = 4;

function minus(line: Float64Array, reference: Float64Array): Float64Array {
  return line.map((value, step) => value - (reference[step] ?? NaN));
}

/** Share of steps beyond all reference days, either way. */
function shareBeyond(outside: Float64Array): number {
  let beyond = 0;
  let seen = 0;
  for (const value of outside) {
    if (Number.isNaN(value)) continue;
    seen++;
    if (value !== 0) beyond++;
  }
  return seen === 0 ? 0 : beyond / seen;
}

/** Share of repeated values among neighbours: 1 for a line that stands still. */
function flatness(seen: Float64Array): number {
  let same = 0;
  for (let step = 1; step < seen.length; step++) if (seen[step] === seen[step - 1]) same++;
  return seen.length < 2 ? 0 : same / (seen.length - 1);
}

interface Sorted {
  readonly before: Float64Array;
  readonly after: Float64Array;
}

function referenceFeatures(lines: WindowLines, today: Sorted): readonly number[] {
  const before = sortedSeen(lines.referenceBefore);
  const after = sortedSeen(lines.referenceAfter);
  if (before.length === 0 || after.length === 0) return [0, 0, 0, 0, 0, 0];
  return [
    squash(median(after) - median(before)),
    dominance(before, after),
    logRatio(moments(after).deviation, moments(before).deviation),
    shareBeyond(lines.outsideAfter) - shareBeyond(lines.outsideBefore),
    logRatio(quartileRange(before), quartileRange(today.before)),
    Math.min(MOST_DAYS, lines.days),
  ];
}

function stateFeatures(lines: WindowLines, today: Sorted): readonly number[] {
  const { happened, level } = lines;
  const shift = median(today.after) - median(today.before);
  return [
    Math.log1p(today.after.length) / Math.log1p(STEPS),
    1 - today.after.length / Math.max(1, happened),
    1 - today.before.length / STEPS,
    shift / (Math.abs(shift) + level + 1),
    flatness(lines.after.filter((value) => !Number.isNaN(value))),
  ];
}

/**
 * The statistical features of a window, in the order of `FEATURE_NAMES`; finite whatever the window holds.
 *
 * @example windowFeatures(windowLines(request)).length // FEATURE_NAMES.length
 */
export function windowFeatures(lines: WindowLines): readonly number[] {
  const today = { before: sortedSeen(lines.before), after: sortedSeen(lines.after) };
  const residual = {
    before: minus(lines.before, lines.referenceBefore),
    after: minus(lines.after, lines.referenceAfter),
  };
  // Without a reference day the course is read from today alone, and 'references' says so.
  const course = lines.days > 0 && residual.after.some((value) => !Number.isNaN(value)) ? residual : lines;
  return [
    ...sampleFeatures(today.before, today.after),
    ...sampleFeatures(sortedSeen(residual.before), sortedSeen(residual.after)),
    ...courseFeatures(course.before, course.after),
    ...courseFeatures(lines.outsideBefore, lines.outsideAfter),
    ...referenceFeatures(lines, today),
    ...stateFeatures(lines, today),
  ];
}
