import { FEATURE_NAMES } from './feature-names.js';

/** Steps that the encoder sees before and after the change. */
export const STEPS = 60;
/** Steps that make one token. */
export const PATCH = 5;
export const TOKENS = STEPS / PATCH;

/** Lines laid side by side in every token; the mask lines hold 1 where the value beside them was measured. */
export const LINES = [
  'before',
  'before-residual',
  'before-outside',
  'before-mask',
  'before-reference-mask',
  'after',
  'after-residual',
  'after-outside',
  'after-mask',
  'after-reference-mask',
] as const;

export type Line = (typeof LINES)[number];

/** Numbers in one token: all lines over the steps of its patch. */
export const TOKEN_SIZE = PATCH * LINES.length;
/** Numbers of the encoder's part of an input; the features follow them. */
export const LINES_SIZE = TOKENS * TOKEN_SIZE;
export const FEATURES = FEATURE_NAMES.length;
/** Numbers of one input: what `LearnedScorer.score` expects for every window. */
export const INPUT_SIZE = LINES_SIZE + FEATURES;

/**
 * Places of a line's steps within an input. Tokens come first, so that the encoder needs no transpose.
 *
 * @returns `STEPS` indices, the same array at every call
 */
export function linePlaces(line: Line): Int32Array {
  return LINE_PLACES.get(line) ?? new Int32Array(STEPS);
}

const LINE_PLACES = new Map<Line, Int32Array>(
  LINES.map((line, place) => [
    line,
    Int32Array.from({ length: STEPS }, (_, step) => {
      const patch = Math.floor(step / PATCH);
      return patch * TOKEN_SIZE + place * PATCH + (step - patch * PATCH);
    }),
  ]),
);
