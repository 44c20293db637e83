import type { Effect, EffectSize } from '../contract.js';
import { baselineFloor, forward, inverse, type Transform } from '../series/transform.js';

/** An effect with both ends in the metric's unit. */
export interface BoundedEffect {
  readonly effect: Effect;
  readonly absoluteLow: number;
  readonly absoluteHigh: number;
  /** Whether both ends come from a finite interval: the numbers above are cut to stay finite, and a cut end proves nothing. */
  readonly isBounded: boolean;
}

/** A movement on the scale that the statistics ran on. */
export interface Movement {
  readonly delta: number;
  readonly low: number;
  readonly high: number;
}

/** How a scale is read back into the metric's unit. */
export interface UnitScale {
  /** Value in the metric's unit after a movement away from the baseline value. */
  readonly moved: (baseline: number, movement: number) => number;
  /** Smallest baseline that a relative change is divided by. */
  readonly floor: number;
}

/** Largest share shown: keeps zero baselines and unbounded intervals finite. */
const LARGEST_SHARE = 1e6;

export function gaugeScale(transform: Transform): UnitScale {
  return {
    moved: (baseline, movement) => inverse(transform, forward(transform, baseline) + movement),
    floor: baselineFloor(transform),
  };
}

/** Ratios move on the square-root scale, on which counts have the same variance at every level; `total` requests bound the resolution. */
export function ratioScale(total: number): UnitScale {
  return {
    moved: (baseline, movement) => Math.max(0, Math.sqrt(baseline) + movement) ** 2,
    floor: 1 / Math.max(1, total),
  };
}

/** Reads a movement back into shares of the baseline and the metric's unit; every number is finite. */
export function effectOnUnits(
  scale: UnitScale,
  baseline: number,
  movement: Movement,
  level: number,
): BoundedEffect {
  const limit = LARGEST_SHARE * Math.max(Math.abs(baseline), scale.floor);
  const difference = (delta: number): number =>
    Math.min(limit, Math.max(-limit, scale.moved(baseline, delta) - baseline)) || 0;
  const share = (absolute: number): number => absolute / Math.max(Math.abs(baseline), scale.floor);
  const absolute = difference(movement.delta);
  const absoluteLow = difference(movement.low);
  const absoluteHigh = difference(movement.high);
  return {
    effect: {
      relative: share(absolute),
      relativeLow: share(absoluteLow),
      relativeHigh: share(absoluteHigh),
      absolute,
      level,
    },
    absoluteLow,
    absoluteHigh,
    isBounded: [absolute, movement.low, movement.high].every(Number.isFinite),
  };
}

/** Whether a harmful change (both numbers ≥ 0 when it harms) reaches a size: all of what the size names. */
export function reaches(size: EffectSize, relative: number, absolute: number): boolean {
  return relative >= (size.relative ?? 0) && absolute >= (size.absolute ?? 0) && absolute > 0;
}
