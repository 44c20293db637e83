import type { RandomSource } from '../statistical/random.js';

/** A change that is laid over a quiet series; sizes in the unit of its noise, positive = the harmful direction. */
export type Harm =
  | 'level-shift'
  | 'transient'
  | 'ramp'
  | 'leak'
  | 'saturation'
  | 'variance'
  | 'bursts'
  | 'bimodality'
  | 'missing-data';
export type Harmless = 'improvement' | 'warm-up' | 'calming' | 'blip';

/** What an injection may look at. */
export interface InjectionSite {
  /** Quiet values from the onset to the end of the watch. */
  readonly quiet: Float64Array;
  /** Level before the change. */
  readonly level: number;
  /** Noise before the change, > 0. */
  readonly noise: number;
  /** +1 when up harms, −1 when down harms. */
  readonly sign: 1 | -1;
}

type Shape = (site: InjectionSite, size: number, random: RandomSource) => Float64Array;

/** The quiet values with something added in the harmful direction; gaps stay gaps. */
function adding(
  site: InjectionSite,
  each: (interval: number, value: number, length: number) => number,
): Float64Array {
  const { quiet, sign } = site;
  return quiet.map((value, interval) => value + sign * each(interval, value, quiet.length));
}

/** How far a value swings in the harmful direction. */
function harmfulSwing(site: InjectionSite, value: number): number {
  return site.sign * (value - site.level);
}

const shapes: Readonly<Record<Harm | Harmless, Shape>> = {
  'level-shift': (site, size) => adding(site, () => size * site.noise),
  transient: (site, size, random) => {
    // An incident that heals by itself has still hurt whom it met.
    const lasts = 1.5 * 30 ** random.uniform();
    const heals = 0.3 + 4 * random.uniform() ** 2;
    return adding(
      site,
      (interval) => 1.5 * size * site.noise * Math.exp(-Math.max(0, interval + 1 - lasts) / heals),
    );
  },
  ramp: (site, size, random) => {
    const rise = 3 + random.integer(30);
    return adding(site, (interval) => size * site.noise * Math.min(1, (interval + 1) / rise));
  },
  leak: (site, size) =>
    adding(site, (interval, _, length) => (1.7 * size * site.noise * (interval + 1)) / Math.max(20, length)),
  saturation: (site, size) =>
    // Everything is pushed against a ceiling: the level rises and the swings die.
    adding(site, (_, value) => size * site.noise - 0.8 * harmfulSwing(site, value)),
  variance: (site, size, random) => {
    const sides = random.uniform() < 0.5 ? 1 : 0;
    return adding(site, () => {
      const swing = size * site.noise * random.normal();
      return sides === 1 ? swing : Math.abs(swing);
    });
  },
  bursts: (site, size, random) => {
    const share = 0.04 + 0.2 * random.uniform();
    const keep = random.uniform() * 0.7;
    let on = false;
    return adding(site, () => {
      on = on ? random.uniform() < keep || random.uniform() < share : random.uniform() < share;
      return on ? size * site.noise * (1 + 1.5 * random.uniform()) : 0;
    });
  },
  bimodality: (site, size, random) => {
    const share = 0.2 + 0.4 * random.uniform();
    return adding(site, () => (random.uniform() < share ? 1.5 * size * site.noise : 0));
  },
  'missing-data': (site, _, random) => {
    const share = 0.35 + 0.55 * random.uniform();
    return site.quiet.map((value) => (random.uniform() < share ? NaN : value));
  },
  improvement: (site, size, random) => {
    const rise = 1 + random.integer(10);
    return adding(site, (interval) => -size * site.noise * Math.min(1, (interval + 1) / rise));
  },
  'warm-up': (site, size, random) => {
    const decay = 0.4 + 1.2 * random.uniform();
    return adding(site, (interval) => size * site.noise * Math.exp(-interval / decay));
  },
  calming: (site, _, random) => {
    const share = 0.3 + 0.6 * random.uniform();
    return adding(site, (_interval, value) => -share * harmfulSwing(site, value));
  },
  blip: (site, size, random) => {
    const hit = random.integer(site.quiet.length);
    return adding(site, (interval) => (interval === hit ? size * site.noise : 0));
  },
};

export const HARMS: readonly [Harm, ...Harm[]] = [
  'level-shift',
  'transient',
  'ramp',
  'leak',
  'saturation',
  'variance',
  'bursts',
  'bimodality',
  'missing-data',
];
export const HARMLESS: readonly [Harmless, ...Harmless[]] = ['improvement', 'warm-up', 'calming', 'blip'];

/** How often each harm is injected, relative to the others: what deployments do most is shown most. */
const HARM_WEIGHTS: Readonly<Record<Harm, number>> = {
  'level-shift': 8,
  transient: 12,
  ramp: 3,
  leak: 2,
  saturation: 2,
  variance: 4,
  bursts: 4,
  bimodality: 3,
  'missing-data': 1,
};

const HARMLESS_WEIGHTS: Readonly<Record<Harmless, number>> = {
  improvement: 6,
  'warm-up': 1.5,
  calming: 4,
  blip: 0.7,
};

function drawByWeight<Kind extends string>(
  kinds: readonly [Kind, ...Kind[]],
  weights: Readonly<Record<Kind, number>>,
  random: RandomSource,
): Kind {
  const total = kinds.reduce((sum, kind) => sum + weights[kind], 0);
  let left = random.uniform() * total;
  return kinds.find((kind) => (left -= weights[kind]) < 0) ?? kinds[0];
}

/** Picks a harm, what deployments do most most often. */
export function drawHarm(random: RandomSource): Harm {
  return drawByWeight(HARMS, HARM_WEIGHTS, random);
}

/** Picks a harmless change. */
export function drawHarmless(random: RandomSource): Harmless {
  return drawByWeight(HARMLESS, HARMLESS_WEIGHTS, random);
}

/** Sizes from half to twenty noise units, log-uniform. */
export function drawSize(random: RandomSource): number {
  return 0.5 * 40 ** random.uniform();
}

/**
 * Lays a change over a quiet stretch.
 *
 * @param size in noise units, > 0
 * @returns the changed values; NaN = missing
 */
export function inject(
  kind: Harm | Harmless,
  site: InjectionSite,
  size: number,
  random: RandomSource,
): Float64Array {
  return shapes[kind](site, size, random);
}
