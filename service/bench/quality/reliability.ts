import { rate, type Rate } from './figures.js';

/** Cases of which about the same was said. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  /** Mean of what was said. */
  readonly said: number;
  /** Share of bad cases among them. */
  readonly was: Rate;
}

/** Said and come true. */
export interface Prediction {
  readonly probability: number;
  readonly isBad: boolean;
}

const BINS = 5;

/** Predictions in five bins of equal width; bins without a case are left out. */
export function reliability(predictions: readonly Prediction[]): readonly ReliabilityBin[] {
  return Array.from({ length: BINS }, (_, bin) => bin).flatMap((bin) => {
    const inside = predictions.filter(
      ({ probability }) => Math.min(BINS - 1, Math.floor(probability * BINS)) === bin,
    );
    if (inside.length === 0) return [];
    const said = inside.reduce((sum, { probability }) => sum + probability, 0) / inside.length;
    const bad = inside.filter(({ isBad }) => isBad).length;
    return [{ from: bin / BINS, to: (bin + 1) / BINS, said, was: rate(bad, inside.length) }];
  });
}

/** Mean squared error; null without a prediction. */
export function brierScore(predictions: readonly Prediction[]): number | null {
  if (predictions.length === 0) return null;
  const sum = predictions.reduce(
    (total, { probability, isBad }) => total + (probability - Number(isBad)) ** 2,
    0,
  );
  return sum / predictions.length;
}
