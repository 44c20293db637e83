import type { RandomSource } from '../src/statistical/random.js';

/** A stationary noise process of about unit spread. */
export type Noise = (length: number, random: RandomSource) => Float64Array;

const BURN_IN = 40;

function innovations(random: RandomSource): () => number {
  const kind = random.integer(10);
  if (kind === 0)
    return () =>
      random.normal() /
      Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3 + 0.05);
  if (kind === 1) return () => -Math.log(1 - random.uniform()) - 1;
  if (kind === 2) return () => (random.uniform() < 0.03 ? 4 * random.normal() : random.normal());
  return random.normal;
}

/** First-order autoregression, φ 0–0.96, with normal, heavy-tailed, skewed or contaminated innovations. */
export const autoregression: Noise = (length, random) => {
  const phi = random.uniform() < 0.25 ? 0 : 0.96 * random.uniform();
  const next = innovations(random);
  const gain = Math.sqrt(1 - phi * phi);
  const out = new Float64Array(length);
  let value = random.normal();
  for (let step = -BURN_IN; step < length; step++) {
    value = phi * value + gain * next();
    if (step >= 0) out[step] = value;
  }
  return out;
};

/** Two levels between which a hidden state switches (kept for held-out families). */
export const regimes: Noise = (length, random) => {
  const stay = 0.8 + 0.19 * random.uniform();
  const gapSize = 1 + 2 * random.uniform();
  let state = random.uniform() < 0.5 ? 0 : 1;
  return new Float64Array(length).map(() => {
    if (random.uniform() > stay) state = 1 - state;
    return gapSize * (state - 0.5) + 0.5 * random.normal();
  });
};

/** A slow climb and a sudden fall, again and again, as of a heap that is collected (kept for held-out families). */
export const sawtooth: Noise = (length, random) => {
  const period = 4 + random.integer(40);
  let phase = random.uniform();
  return new Float64Array(length).map(() => {
    phase += (1 + 0.2 * random.normal()) / period;
    if (phase >= 1) phase -= Math.floor(phase);
    return 3 * (phase - 0.5) + 0.3 * random.normal();
  });
};

/** A damped oscillation kept going by noise: second-order autoregression with complex roots (kept for held-out families). */
export const oscillation: Noise = (length, random) => {
  const radius = 0.7 + 0.27 * random.uniform();
  const period = 5 + 30 * random.uniform();
  const a = 2 * radius * Math.cos((2 * Math.PI) / period);
  const b = -radius * radius;
  const out = new Float64Array(length);
  let [last, beforeLast] = [random.normal(), random.normal()];
  for (let step = -BURN_IN; step < length; step++) {
    const value = a * last + b * beforeLast + (1 - radius) * 1.5 * random.normal();
    beforeLast = last;
    last = value;
    if (step >= 0) out[step] = value;
  }
  return out;
};
