import { logGamma } from './log-gamma.js';

/** A stream of pseudo-random numbers; the same seed gives the same stream on every platform. */
export interface RandomSource {
  /** Uniform on [0, 1), 53 random bits. */
  readonly uniform: () => number;
  /** Standard normal. */
  readonly normal: () => number;
  /** Poisson count with the given mean ≥ 0. */
  readonly poisson: (mean: number) => number;
  /** Uniform integer in [0, below), below ≥ 1. */
  readonly integer: (below: number) => number;
}

/** Spreads one 32-bit seed over the generator's state (SplitMix, Steele, Lea & Flood 2014, 32-bit finaliser of MurmurHash3). */
function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
}

/** xoshiro128** (Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators"), unsigned 32-bit outputs. */
function xoshiro128(seed: number): () => number {
  const next = splitMix32(seed);
  // A seed beyond 32 bits keeps its upper part, so that neighbouring large seeds differ.
  const high = splitMix32(Math.floor(seed / 4294967296));
  let [s0, s1, s2, s3] = [next() ^ high(), next() ^ high(), next() | 1, next()];
  return () => {
    const scaled = Math.imul(s1, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  };
}

/** Two normals at a time (Marsaglia & Bray 1964, polar method). */
function polarNormal(uniform: () => number): () => number {
  let spare = NaN;
  return () => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = NaN;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };
}

/** Counts uniforms until their product falls below e^−mean; quick for small means (Knuth, TAOCP 2, 3.4.1). */
function poissonByProduct(mean: number, uniform: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = uniform(); product > limit; product *= uniform()) count += 1;
  return count;
}

/** Transformed rejection with squeeze, PTRS of Hörmann (1993), for means of 10 and more; constant cost. */
function poissonByRejection(mean: number, uniform: () => number): number {
  const logMean = Math.log(mean);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = uniform() - 0.5;
    const v = uniform();
    const distance = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / distance + b) * u + mean + 0.43);
    if (distance >= 0.07 && v <= squeeze) return count;
    if (count < 0 || (distance < 0.013 && v > distance)) continue;
    const accepted = Math.log((v * inverseAlpha) / (a / (distance * distance) + b));
    if (accepted <= count * logMean - mean - logGamma(count + 1)) return count;
  }
}

/**
 * A seeded random source: xoshiro128** seeded by SplitMix; polar normals; Poisson by product below a mean of 10 and by
 * Hörmann's PTRS from there. Not for secrets.
 *
 * @param seed any finite number; its integer part counts.
 * @throws RangeError on a seed, mean or bound that is not finite or out of range.
 * @example createRandom(7).uniform() // always the same number
 */
export function createRandom(seed: number): RandomSource {
  if (!Number.isFinite(seed)) throw new RangeError(`seed must be a finite number, got ${seed}`);
  const bits = xoshiro128(Math.floor(seed));
  const uniform = (): number => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  return {
    uniform,
    normal: polarNormal(uniform),
    poisson: (mean) => {
      if (!(mean >= 0 && mean < Infinity))
        throw new RangeError(`mean must be finite and at least 0, got ${mean}`);
      return mean < 10 ? poissonByProduct(mean, uniform) : poissonByRejection(mean, uniform);
    },
    integer: (below) => {
      if (!(below >= 1 && Number.isSafeInteger(below))) {
        throw new RangeError(`below must be a whole number of at least 1, got ${below}`);
      }
      return Math.floor(uniform() * below);
    },
  };
}
