import { createRandom, type LiveMetric } from '@bellwether/models';
import { describe, expect, it } from 'vitest';
import { canarySilence } from './canary-silence.js';

const metricOf = (canary: readonly number[], control: readonly number[]): LiveMetric => ({
  treatment: { shape: 'ratio', events: new Float64Array(canary.length), totals: Float64Array.from(canary) },
  control: { shape: 'ratio', events: new Float64Array(control.length), totals: Float64Array.from(control) },
});
const ruleOf = (warmupLooks = 0, criticality: 'normal' | 'advisory' = 'normal') => ({
  warmupLooks,
  criticality,
});
const repeat = (value: number, times: number): number[] => new Array<number>(times).fill(value);
const judge = (canary: readonly number[], control: readonly number[], share?: number, warmup = 0) =>
  canarySilence([metricOf(canary, control)], [ruleOf(warmup)], share);

/** Looks of `runs` seeded watches in which the guard fired; the canary stops serving after `servesFor` looks. */
function firesAt(runs: number, perInterval: number, share: number, servesFor: number, isDeclared: boolean) {
  const random = createRandom(20_261_123);
  const looks = 40;
  return Array.from({ length: runs }, () => {
    const canary = Array.from({ length: looks }, (_, k) => (k < servesFor ? random.poisson(perInterval) : 0));
    const control = Array.from({ length: looks }, () => random.poisson((perInterval * (1 - share)) / share));
    for (let look = 1; look <= looks; look++)
      if (judge(canary.slice(0, look), control.slice(0, look), isDeclared ? share : undefined)) return look;
    return undefined;
  });
}

describe('canary silence', () => {
  it('is heard of a histogram as of a ratio, and not of one without samples', () => {
    const histogram = (requests: number) => ({
      shape: 'histogram' as const,
      upperBounds: Float64Array.of(0.1, Infinity),
      counts: [new Float64Array(5).fill(requests), new Float64Array(5).fill(requests)],
    });
    const of = (requests: number) =>
      canarySilence([{ treatment: histogram(requests), control: histogram(50) }], [ruleOf()], 0.5);
    expect(of(0)).toEqual({ looks: 5, controlRequests: 500, expected: 500 });
    expect(of(1)).toBeUndefined();
    expect(of(NaN)).toBeUndefined();
  });

  it.each([
    [0.05, true],
    [0.05, false],
    [0.5, true],
    [0.5, false],
    [0.9, true],
  ])(
    'spares 2,000 harmless canaries with one request an interval (share %d, declared %s)',
    (share, isDeclared) => {
      expect(firesAt(2_000, 1, share, Infinity, isDeclared).filter((look) => look !== undefined)).toEqual([]);
    },
  );

  it.each([true, false])(
    'finds a busy canary that goes silent within a few looks (share declared: %s)',
    (isDeclared) => {
      for (const look of firesAt(200, 30, 0.1, 12, isDeclared)) expect(look).toBe(15);
    },
  );

  it('says what was left unserved', () => {
    expect(judge(repeat(0, 4), repeat(90, 4), 0.1)).toEqual({ looks: 4, controlRequests: 360, expected: 40 });
  });

  it('does not speak of a canary that never served, when its share is not declared', () => {
    expect(judge(repeat(0, 30), repeat(1_000, 30))).toBeUndefined();
  });

  it('waits for the warm-up to end', () => {
    expect(judge(repeat(0, 12), repeat(1_000, 12), 0.5, 10)).toBeUndefined();
    expect(judge(repeat(0, 13), repeat(1_000, 13), 0.5, 10)?.looks).toBe(3);
  });

  it('takes missing samples for missing, and a silent control group for no comparison', () => {
    expect(judge([50, 50, 0, NaN, 0, 0], repeat(500, 6), 0.1)).toBeUndefined();
    expect(judge([50, 50, 0, 0, 0, 0], [500, 500, 0, 0, 0, 0], 0.1)).toBeUndefined();
  });

  it('is silent only where every metric that counts requests is', () => {
    const both = [metricOf(repeat(0, 5), repeat(100, 5)), metricOf(repeat(3, 5), repeat(100, 5))];
    expect(canarySilence(both, [ruleOf(), ruleOf()], 0.5)).toBeUndefined();
    expect(canarySilence(both.slice(0, 1), [ruleOf()], 0.5)?.looks).toBe(5);
  });

  it('neither decides by an advisory count nor is hidden by one, nor by one that was not read', () => {
    const [silent, serving] = [
      metricOf(repeat(0, 5), repeat(100, 5)),
      metricOf(repeat(3, 5), repeat(100, 5)),
    ];
    expect(canarySilence([silent], [ruleOf(0, 'advisory')], 0.5)).toBeUndefined();
    const rules = [ruleOf(99, 'advisory'), ruleOf(), ruleOf()];
    expect(canarySilence([serving, undefined, silent], rules, 0.5)?.looks).toBe(5);
  });
});
