import { windowFeatures } from './features.js';
import { squash } from './squash.js';
import { windowLines, type WindowLines, type WindowRequest } from './window-lines.js';
import { INPUT_SIZE, linePlaces, LINES_SIZE, STEPS } from './window-shape.js';

/** Brings a squashed value of up to ln 31 to about the size of a mask. */
const LINE_SHARE = 0.5;

function writeHalf(
  into: Float32Array,
  offset: number,
  half: 'before' | 'after',
  values: Float64Array,
  reference: Float64Array,
  outside: Float64Array,
): void {
  const place = {
    value: linePlaces(half),
    residual: linePlaces(`${half}-residual`),
    outside: linePlaces(`${half}-outside`),
    mask: linePlaces(`${half}-mask`),
    referenceMask: linePlaces(`${half}-reference-mask`),
  };
  for (let step = 0; step < STEPS; step++) {
    const value = values[step] ?? NaN;
    const residual = value - (reference[step] ?? NaN);
    const compared = !Number.isNaN(residual);
    into[offset + (place.value[step] ?? 0)] = LINE_SHARE * squash(value);
    into[offset + (place.residual[step] ?? 0)] = LINE_SHARE * squash(residual);
    into[offset + (place.outside[step] ?? 0)] = LINE_SHARE * squash(outside[step] ?? NaN);
    into[offset + (place.mask[step] ?? 0)] = Number.isNaN(value) ? 0 : 1;
    into[offset + (place.referenceMask[step] ?? 0)] = compared ? 1 : 0;
  }
}

function writeLines(lines: WindowLines, into: Float32Array, offset: number): void {
  writeHalf(into, offset, 'before', lines.before, lines.referenceBefore, lines.outsideBefore);
  writeHalf(into, offset, 'after', lines.after, lines.referenceAfter, lines.outsideAfter);
}

/** Writes the input of one window, already in standard units, into a batch. */
export function writeLinesInput(lines: WindowLines, into: Float32Array, position: number): void {
  const offset = position * INPUT_SIZE;
  writeLines(lines, into, offset);
  into.set(windowFeatures(lines), offset + LINES_SIZE);
}

/**
 * Writes the input of one window into a batch, without allocating the batch anew.
 *
 * @param into a batch of `INPUT_SIZE` numbers a window
 * @param position which window of the batch
 * @returns false, and nothing written, when the window says too little: see `windowLines`
 */
export function writeWindowInput(request: WindowRequest, into: Float32Array, position: number): boolean {
  const lines = windowLines(request);
  if (lines === undefined) return false;
  writeLinesInput(lines, into, position);
  return true;
}

/**
 * Builds the input of one window: four lines in standard units with masks, and the statistical features. Reads only what was
 * known at the look: `request.values` before `at + look`.
 *
 * @returns `INPUT_SIZE` finite numbers, or undefined when fewer than 8 steps before the change or none after it hold a value
 * @throws RangeError on a `look` below 0 or a lag that is not positive
 * @example windowInput({ values, at: 1440, look: 15, plannedLooks: 60, lags: [1440], direction: 'up' })
 */
export function windowInput(request: WindowRequest): Float32Array | undefined {
  const input = new Float32Array(INPUT_SIZE);
  return writeWindowInput(request, input, 0) ? input : undefined;
}
