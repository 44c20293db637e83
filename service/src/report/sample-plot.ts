import type { CalibrationSummary } from '@bellwether/models';
import type { Evidence, MetricPlot } from '../domain/evidence.js';

/** 23 November 2026, 03:02:00 UTC. */
export const changeAtMs = Date.UTC(2026, 10, 23, 3, 2);
export const minuteMs = 60_000;
/** A quarter of an hour after the change. */
export const sampleNowMs = changeAtMs + 15 * minuteMs + 20_000;

/** Pseudo-random numbers in [0, 1) from a seed (Lehmer, 48271 mod 2³¹ − 1). */
export function sampleNoise(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}

export const sampleCalibration: CalibrationSummary = {
  guarantee: 'placebo',
  placebos: 249,
  effectivePlacebos: 131.4,
  historyMs: 6.8 * 24 * 60 * minuteMs,
  reasons: [
    { code: 'excluded', text: 'two known deployments and one incident were left out of the history' },
  ],
};

/** One metric's plot around the change: a daily-like wave with noise, shifted by `shift` (share of the level) from `onset` minutes on. */
export function samplePlot(over: {
  readonly name: string;
  readonly unit: string;
  readonly level: number;
  readonly shift?: number;
  readonly onset?: number;
  readonly before?: number;
  readonly after?: number;
  readonly seed?: number;
  readonly gaps?: readonly (readonly [from: number, to: number])[];
  readonly control?: boolean;
}): MetricPlot {
  const {
    name,
    unit,
    level,
    shift = 0,
    onset = 3,
    before = 60,
    after = 15,
    seed = 1,
    gaps = [],
    control = false,
  } = over;
  const noise = sampleNoise(seed);
  const wave = (index: number): number => level * (1 + 0.12 * Math.sin((index / 90) * Math.PI));
  const indices = Array.from({ length: before + after }, (_, index) => index);
  const isMissing = (index: number): boolean => gaps.some(([from, to]) => index >= from && index < to);
  const draw = (index: number, moved: number): number => wave(index) * (1 + moved + 0.16 * (noise() - 0.5));
  return {
    name,
    unit,
    fromMs: changeAtMs - before * minuteMs,
    intervalMs: minuteMs,
    live: indices.map((index) =>
      isMissing(index) ? null : draw(index, index >= before + onset ? shift : 0),
    ),
    ...(control ? { control: indices.map((index) => draw(index, 0.01)) } : {}),
    expected: indices.map((index) => (index < before ? null : wave(index))),
    low: indices.map((index) => (index < before ? null : wave(index) * 0.86)),
    high: indices.map((index) => (index < before ? null : wave(index) * 1.14)),
  };
}

export function sampleEvidence(plots: readonly MetricPlot[]): Evidence {
  return {
    deploymentId: 'dep-7f3a',
    watchId: 'w-1',
    look: 6,
    changeAtMs,
    snapshotHash: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
    live: [],
    carriedIn: { peak: 3.1, criticalPeak: 0, p: 0.0041 },
    assessment: {
      look: 6,
      value: 'rollback',
      rule: 'calibrated-evidence',
      guarantee: 'placebo',
      p: 0.0041,
      pExtrapolated: false,
      harmProbability: 0.987,
      reasons: [],
      stillNeeded: [],
      carried: { peak: 3.1, criticalPeak: 0, p: 0.0041 },
      metrics: [],
    },
    calibration: sampleCalibration,
    plots,
  };
}
