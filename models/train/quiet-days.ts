import type { RandomSource } from '../src/statistical/random.js';
import type { Noise } from './quiet-noise.js';

/** Steps of one stretch: 60 before the moment and 60 after it. */
export const STRETCH = 120;

/** A stretch of the same hours on several days, oldest first, in noise units. */
export type QuietDays = readonly Float64Array[];

interface Peak {
  readonly at: number;
  readonly width: number;
  readonly height: number;
  readonly share: number;
}

interface Course {
  readonly size: number;
  readonly climb: number;
  readonly wave: number;
  readonly period: number;
  readonly phase: number;
  readonly edgeAt: number;
  readonly edge: number;
  readonly edgeWidth: number;
  readonly peaks: readonly Peak[];
  readonly dayJitter: number;
  readonly wander: number;
  readonly spikes: number;
}

function chance(random: RandomSource, share: number): boolean {
  return random.uniform() < share;
}

function drawPeaks(random: RandomSource): readonly Peak[] {
  const count = chance(random, 0.3) ? 1 + random.integer(4) : 0;
  return Array.from({ length: count }, () => ({
    at: random.uniform() * STRETCH,
    width: 1 + random.integer(6),
    height: 1 + 9 * random.uniform() ** 2,
    share: 0.85 + 0.15 * random.uniform(),
  }));
}

function drawCourse(random: RandomSource): Course {
  const seasonal = !chance(random, 0.3);
  return {
    size: seasonal ? 0.4 * 80 ** random.uniform() : 0,
    climb: random.normal(),
    wave: random.uniform(),
    period: 30 * 40 ** random.uniform(),
    phase: 2 * Math.PI * random.uniform(),
    edgeAt: STRETCH * random.uniform(),
    edge: chance(random, 0.25) ? random.normal() : 0,
    edgeWidth: 1 + 15 * random.uniform(),
    peaks: drawPeaks(random),
    dayJitter: 0.6 * random.uniform() ** 1.3,
    wander: chance(random, 0.7) ? 5 * random.uniform() ** 2 : 0,
    spikes: chance(random, 0.12) ? 0.03 * random.uniform() : 0,
  };
}

function seasonAt(course: Course, step: number): number {
  const wave = course.wave * Math.sin((2 * Math.PI * step) / course.period + course.phase);
  const edge = course.edge * Math.tanh((step - course.edgeAt) / course.edgeWidth);
  return course.size * ((course.climb * (step - STRETCH / 2)) / STRETCH + wave + edge);
}

function addPeaks(line: Float64Array, course: Course, random: RandomSource): void {
  for (const { at, width, height, share } of course.peaks) {
    if (!chance(random, share)) continue;
    const from = Math.round(at + 1.5 * random.normal());
    const tall = height * (0.7 + 0.6 * random.uniform());
    for (let step = Math.max(0, from); step < Math.min(STRETCH, from + width); step++) {
      line[step] = (line[step] ?? 0) + tall;
    }
  }
}

/** A smooth walk that days do not share: what demand does on its own. */
function addWander(line: Float64Array, wander: number, random: RandomSource): void {
  if (wander === 0) return;
  let position = 0;
  let speed = 0;
  for (let step = 0; step < STRETCH; step++) {
    speed = 0.9 * speed + 0.06 * wander * random.normal();
    position += speed;
    line[step] = (line[step] ?? 0) + position;
  }
}

function addSpikes(line: Float64Array, share: number, random: RandomSource): void {
  if (share === 0) return;
  for (let step = 0; step < STRETCH; step++) {
    if (chance(random, share)) line[step] = (line[step] ?? 0) + 3 + 9 * random.uniform();
  }
}

/**
 * Quiet days in noise units: a season that the days share up to jitter in size and time, recurring peaks, a walk of each day's
 * own, spikes, and noise.
 */
export function quietDays(days: number, noise: Noise, random: RandomSource): QuietDays {
  const course = drawCourse(random);
  // One noise process for all days: drawn in one piece, so that its kind is the same.
  const all = noise(days * STRETCH, random);
  return Array.from({ length: days }, (_, day) => {
    const line = all.slice(day * STRETCH, (day + 1) * STRETCH);
    const size = 1 + course.dayJitter * random.normal();
    const shift = 4 * course.dayJitter * random.normal() * 3;
    const level = course.dayJitter * course.size * random.normal();
    for (let step = 0; step < STRETCH; step++) {
      line[step] = (line[step] ?? 0) + level + size * seasonAt(course, step + shift);
    }
    addPeaks(line, course, random);
    addWander(line, course.wander, random);
    addSpikes(line, course.spikes, random);
    return line;
  });
}
