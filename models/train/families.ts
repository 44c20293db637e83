import type { RandomSource } from '../src/statistical/random.js';
import { autoregression, type Noise, oscillation, regimes, sawtooth } from './quiet-noise.js';

/** How a quiet course in noise units becomes values in a metric's unit. */
export interface Unit {
  /** Noise units → the metric's unit. */
  readonly value: (course: number) => number;
  /** What a changed value can be: no negative counts, no fractions of requests, no more than 100 %. */
  readonly possible: (value: number) => number;
}

export interface Family {
  readonly name: string;
  readonly noise: Noise;
  readonly unit: (random: RandomSource) => Unit;
}

const atLeast0 = (value: number): number => Math.max(0, value);
const whole = (value: number): number => Math.max(0, Math.round(value));
const any = (value: number): number => value;

function level(random: RandomSource): number {
  return 10 ** (4 * random.uniform() - 1);
}

/** Level and noise in proportion, symmetric. */
function gauge(random: RandomSource): Unit {
  const centre = level(random);
  const noise = centre * 0.01 * 30 ** random.uniform();
  return { value: (course) => centre + noise * course, possible: any };
}

/** Noise that grows with the level and leans upwards: latencies. */
function skewed(random: RandomSource): Unit {
  const centre = level(random);
  const noise = 0.03 * 15 ** random.uniform();
  return { value: (course) => centre * Math.exp(noise * Math.min(12, course)), possible: atLeast0 };
}

function counts(random: RandomSource): Unit {
  const centre = Math.log(0.5) + 8 * random.uniform();
  const noise = 0.02 * 15 ** random.uniform();
  return {
    value: (course) => random.poisson(Math.exp(Math.min(14, centre + noise * Math.min(12, course)))),
    possible: whole,
  };
}

function quantised(random: RandomSource): Unit {
  const grain = 0.3 + 3 * random.uniform();
  const centre = 20 * random.uniform();
  return {
    value: (course) => Math.round(centre + course / grain),
    possible: Math.round,
  };
}

/** Mostly zero, now and then something. */
function intermittent(random: RandomSource): Unit {
  const share = 0.02 * 25 ** random.uniform();
  const size = level(random);
  return {
    value: (course) => (random.uniform() < share ? size * Math.exp(0.5 * Math.min(8, course)) : 0),
    possible: atLeast0,
  };
}

/** A share that cannot exceed 100. */
function bounded(random: RandomSource): Unit {
  const centre = 3 * random.normal();
  const noise = 0.1 + 0.6 * random.uniform();
  return {
    value: (course) => 100 / (1 + Math.exp(-(centre + noise * course))),
    possible: (value) => Math.min(100, Math.max(0, value)),
  };
}

/** Stands still and steps rarely. */
function still(random: RandomSource): Unit {
  const grain = 5 + 10 * random.uniform();
  const centre = Math.round(50 * random.uniform());
  return { value: (course) => centre + Math.round(course / grain), possible: any };
}

/** What the shipped weights are trained on. */
export const TRAINING_FAMILIES: readonly Family[] = [
  { name: 'gauge', noise: autoregression, unit: gauge },
  { name: 'skewed', noise: autoregression, unit: skewed },
  { name: 'counts', noise: autoregression, unit: counts },
  { name: 'quantised', noise: autoregression, unit: quantised },
  { name: 'intermittent', noise: autoregression, unit: intermittent },
  { name: 'bounded', noise: autoregression, unit: bounded },
  { name: 'still', noise: autoregression, unit: still },
];

/** Kinds of series that training never sees: they show what the model makes of the unknown. */
export const HELD_OUT_FAMILIES: readonly Family[] = [
  { name: 'regimes', noise: regimes, unit: gauge },
  { name: 'sawtooth', noise: sawtooth, unit: skewed },
  { name: 'oscillation', noise: oscillation, unit: counts },
];
