import type { Direction } from '../../src/index.js';
import type { PeerHistory, PeerLive } from './peer.js';

/** The values that are there. */
export function present(values: Float64Array): Float64Array {
  return values.filter((value) => Number.isFinite(value));
}

/** @returns NaN without a value */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Standard deviation of a sample, n − 1 in the denominator; NaN for fewer than two values. */
export function standardDeviation(values: Float64Array): number {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** Added to every spread, as such one-liners commonly do: a series that stood still must not decide alone, nor tie with all that did. */
const SMALLEST_SPREAD = 1e-9;

/** A standardised difference. */
export function standardised(difference: number, spread: number): number {
  return difference === 0 ? 0 : difference / (spread + SMALLEST_SPREAD);
}

/** How far a difference points to where it harms: its size, or 0 when it points the other way. */
export function harmful(difference: number, direction: Direction): number {
  if (direction === 'both') return Math.abs(difference);
  return Math.max(0, direction === 'up' ? difference : -difference);
}

/**
 * What a method without a model of time compares the treatment with: the control group over the same intervals where there is
 * one, else as many intervals just before the change as the watch is long.
 */
export function comparison(history: PeerHistory, { control }: PeerLive, looks: number): Float64Array {
  const concurrent = control === undefined ? undefined : present(control);
  return concurrent !== undefined && concurrent.length > 0 ? concurrent : present(history.past.slice(-looks));
}
