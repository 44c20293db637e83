import { describe, expect, it } from 'vitest';
import type { LiveMetric } from '../src/index.js';
import type { Harm } from './synthetic-harm.js';
import { drawPast, NOISE, type SyntheticService } from './synthetic-service.js';

const SERVICE: SyntheticService = {
  metrics: 2,
  phi: 0.9,
  season: false,
  history: 400,
  gap: 0,
  looks: 60,
  day: 1440,
  alpha: 0.05,
};

function lines(live: readonly LiveMetric[]): readonly (readonly number[])[] {
  return live.map(({ treatment }) =>
    treatment.shape === 'gauge' ? Array.from(treatment.values, Math.log) : [],
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function changeBy(harm: Harm, service = SERVICE): readonly (readonly number[])[] {
  const { drawFuture } = drawPast(service, 5);
  const [quiet, harmed] = [lines(drawFuture(0)), lines(drawFuture(0, harm))];
  return quiet.map((line, metric) => line.map((value, index) => (harmed[metric]?.[index] ?? NaN) - value));
}

describe('drawPast', () => {
  it('draws the same again, and other noise for another future or seed', () => {
    const first = lines(drawPast(SERVICE, 5).drawFuture(1));
    expect(lines(drawPast(SERVICE, 5).drawFuture(1))).toEqual(first);
    expect(lines(drawPast(SERVICE, 5).drawFuture(2))).not.toEqual(first);
    expect(lines(drawPast(SERVICE, 6).drawFuture(1))).not.toEqual(first);
  });

  it('lets every future go on from where the past ended', () => {
    const steps = Array.from({ length: 300 }, (_, seed) => {
      const { snapshot, drawFuture } = drawPast(SERVICE, seed + 1);
      const past = snapshot.metrics[0]?.treatment;
      const end = past?.shape === 'gauge' ? Math.log(past.values.at(-1) ?? NaN) : NaN;
      return ((lines(drawFuture(3))[0]?.[0] ?? NaN) - end) / NOISE;
    });
    // An autoregression of .9 moves by a variance of 2 (1 − .9) in a step; values apart would differ by a variance of 2.
    const variance = mean(steps.map((step) => step ** 2));
    expect(variance).toBeGreaterThan(0.13);
    expect(variance).toBeLessThan(0.28);
  });

  it('lets the change fall where on the daily wave it is told', () => {
    const service = { ...SERVICE, season: true, noiseSize: 0, looks: 720, history: 500 };
    const wave = (angle: number): readonly number[] =>
      (lines(drawPast({ ...service, angle }, 5).drawFuture(0))[0] ?? []).map(
        (value) => value - Math.log(100),
      );
    expect(wave(0)[0]).toBeCloseTo(0, 9);
    expect(wave(0)[360]).toBeCloseTo(0.4, 9);
    expect(wave(Math.PI / 2)[0]).toBeCloseTo(0.4, 9);
    expect(wave(Math.PI)[360]).toBeCloseTo(-0.4, 9);
  });

  it('harms from the onset on, and nothing but what is hit', () => {
    const [hit = [], other = []] = changeBy({ kind: 'shift', size: 0.3, onset: 10, hits: 'first' });
    hit.forEach((change, index) => expect(change).toBeCloseTo(index < 10 ? 0 : 0.3, 9));
    other.forEach((change) => expect(change).toBe(0));
    const [, both = []] = changeBy({ kind: 'shift', size: 0.3, onset: 0, hits: 'all' });
    both.forEach((change) => expect(change).toBeCloseTo(0.3, 9));
  });

  it('draws each kind of harm as it is named', () => {
    const harm = (kind: Harm['kind'], size: number): readonly number[] =>
      changeBy({ kind, size, onset: 0, hits: 'first' })[0] ?? [];
    const ramp = harm('ramp', 0.3);
    expect([ramp[0], ramp[14], ramp[59]].map((value) => value?.toFixed(3))).toEqual([
      '0.020',
      '0.300',
      '0.300',
    ]);
    const leak = harm('leak', 0.6);
    expect([leak[0], leak[29], leak[59]].map((value) => value?.toFixed(3))).toEqual([
      '0.010',
      '0.300',
      '0.600',
    ]);
    const bursts = harm('bursts', 0.5).filter((value) => value > 0.4);
    expect(bursts.length).toBeGreaterThan(0);
    expect(bursts.length).toBeLessThan(20);
    const modes = harm('bimodality', 0.2);
    expect(modes.every((value) => Math.abs(Math.abs(value) - 0.2) < 1e-9)).toBe(true);
    expect(Math.abs(mean(modes))).toBeLessThan(0.1);
    // Noise that is twice as large leaves the line twice as far from its level.
    const { drawFuture } = drawPast(SERVICE, 5);
    const centred = (line: readonly number[] | undefined): readonly number[] =>
      (line ?? []).map((value) => value - Math.log(100));
    const quiet = centred(lines(drawFuture(0))[0]);
    const noisy = centred(lines(drawFuture(0, { kind: 'noise', size: 2, onset: 0, hits: 'first' }))[0]);
    noisy.forEach((value, index) => expect(value).toBeCloseTo(2 * (quiet[index] ?? NaN), 9));
  });

  it('mixes as much of a common noise into every metric as it is told', () => {
    const correlation = (common: number): number => {
      const products = Array.from({ length: 400 }, (_, seed) => {
        const [a, b] = lines(drawPast({ ...SERVICE, phi: 0, common }, seed + 1).drawFuture(0));
        return (((a?.[0] ?? NaN) - Math.log(100)) * ((b?.[0] ?? NaN) - Math.log(100))) / NOISE ** 2;
      });
      return mean(products);
    };
    // A standard error of about .06.
    expect(Math.abs(correlation(0))).toBeLessThan(0.2);
    expect(Math.abs(correlation(0.8) - 0.8)).toBeLessThan(0.25);
  });
});
