import type { RandomSource } from '../src/statistical/random.js';

/** What a release does to a metric; sizes in log units. */
export type HarmKind = 'shift' | 'ramp' | 'leak' | 'noise' | 'bursts' | 'bimodality';

/** Harm of a simulated release. */
export interface Harm {
  readonly kind: HarmKind;
  /** Log units that are added at the full size; of `noise`, the factor of its standard deviation. */
  readonly size: number;
  /** Interval since the change at which it begins. */
  readonly onset: number;
  /** Which metrics it hits. */
  readonly hits: 'first' | 'all';
}

/** What it adds to the logarithm of a value, and by what its noise is multiplied. */
export interface HarmAt {
  readonly added: number;
  readonly noise: number;
}

/** A ramp reaches its full size after so many intervals and stays; a leak only at the end of the watch. */
const RAMP_INTERVALS = 15;
/** Share of intervals in a burst. */
const BURST_SHARE = 0.1;
const NONE: HarmAt = { added: 0, noise: 1 };

/**
 * The harm of one interval of one metric.
 * @param interval since the change
 * @param looks of the whole watch
 * @param random drawn from where chance decides
 */
export function harmAt(
  { kind, size, onset }: Harm,
  interval: number,
  looks: number,
  random: RandomSource,
): HarmAt {
  if (interval < onset) return NONE;
  const since = interval - onset + 1;
  switch (kind) {
    case 'shift':
      return { added: size, noise: 1 };
    case 'ramp':
      return { added: size * Math.min(1, since / RAMP_INTERVALS), noise: 1 };
    case 'leak':
      return { added: (size * since) / (looks - onset), noise: 1 };
    case 'noise':
      return { added: 0, noise: size };
    case 'bursts':
      return { added: random.uniform() < BURST_SHARE ? size : 0, noise: 1 };
    case 'bimodality':
      return { added: random.uniform() < 0.5 ? size : -size, noise: 1 };
  }
}
