import { describe, expect, it } from 'vitest';
import { areaUnderCurve } from './area-under-curve.js';
import { figuresOf } from './figures.js';
import type { CaseOutcome, MethodOutcome } from './outcome.js';
import { brierScore, reliability } from './reliability.js';

const CHANGE = 1_700_000_000;

interface Row {
  readonly isBad: boolean;
  readonly said: Partial<MethodOutcome>;
  readonly group?: string;
  readonly onset?: number;
  readonly visible?: number;
  readonly changeAt?: number;
}

function outcomes(rows: readonly Row[]): readonly CaseOutcome[] {
  return rows.map(({ isBad, said, group = 'g', onset = 0, visible, changeAt = CHANGE }, index) => ({
    truth: {
      set: 's',
      id: `c${index}`,
      group,
      isBad,
      changeAtSeconds: changeAt,
      onsetSeconds: changeAt + onset,
    },
    ...(visible === undefined ? {} : { visibleAtSeconds: changeAt + visible }),
    methods: { m: { verdict: 'continue', decidedAtSeconds: null, score: 0, ...said } },
  }));
}

const at = (seconds: number): Partial<MethodOutcome> => ({
  verdict: 'rollback',
  decidedAtSeconds: CHANGE + seconds,
  score: 1,
});

describe('figures of a method, worked out by hand', () => {
  // Bad: three found (at 2, 4 and, before its onset, 1 minute) and one missed; good: one rolled back, one inconclusive, two let through.
  const hand = outcomes([
    { isBad: true, said: { ...at(120), probability: 0.9, score: 0.9 }, visible: 60 },
    { isBad: true, said: { ...at(240), probability: 0.8, score: 0.8 } },
    { isBad: true, said: { ...at(60), probability: 0.7, score: 0.7 }, onset: 600 },
    { isBad: true, said: { probability: 0.2, score: 0.2 } },
    { isBad: false, said: { ...at(60), probability: 0.75, score: 0.75 } },
    { isBad: false, said: { verdict: 'inconclusive', probability: 0.5, score: 0.5 } },
    { isBad: false, said: { probability: 0.1, score: 0.1 } },
    { isBad: false, said: { probability: 0.1, score: 0.1 } },
  ]);
  const figures = figuresOf(hand, 'm');

  it('counts what was found and what was falsely rolled back', () => {
    expect(figures).toMatchObject({ bad: 4, good: 4, precision: 0.75, recall: 0.75, f1: 0.75 });
    expect(figures.falseRollbacks).toMatchObject({ hits: 1, of: 4, share: 0.25 });
    expect(figures.falseRollbacks.low).toBeCloseTo(0.0456, 4);
    expect(figures.falseRollbacks.high).toBeCloseTo(0.6994, 4);
    expect(figures).toMatchObject({ inconclusiveBad: 0, inconclusiveGood: 0.25 });
  });

  it('measures delays from the onset and from what could be seen, and counts what came before', () => {
    expect(figures.delays).toEqual({ count: 2, median: 4, ninetieth: 4, early: 1 });
    expect(figures.visibleDelays).toEqual({ count: 1, median: 1, ninetieth: 1, early: 0 });
  });

  it('measures the evidence and the probability', () => {
    // 16 pairs: .9 and .8 win 4 each, .7 wins 3, .2 wins 2.
    expect(figures.auc).toBeCloseTo(13 / 16, 12);
    const squares = 0.01 + 0.04 + 0.09 + 0.64 + 0.5625 + 0.25 + 0.01 + 0.01;
    expect(figures.brier).toBeCloseTo(squares / 8, 12);
    expect(figures.brierSkill).toBeCloseTo(1 - squares / 8 / 0.25, 12);
    expect(figures.givesProbability).toBe(true);
  });

  it('takes a method without a probability at its word', () => {
    const plain = outcomes([
      { isBad: true, said: at(60) },
      { isBad: true, said: {} },
      { isBad: false, said: {} },
      { isBad: false, said: {} },
    ]);
    expect(figuresOf(plain, 'm')).toMatchObject({ brier: 0.25, brierSkill: 0, givesProbability: false });
  });

  it('has null where there is nothing to compute from', () => {
    const none = figuresOf(outcomes([{ isBad: false, said: {} }]), 'm');
    expect(none).toMatchObject({ precision: null, recall: null, f1: null, auc: null, brierSkill: null });
    expect(none.delays).toEqual({ count: 0, median: null, ninetieth: null, early: 0 });
    expect(figuresOf(outcomes([{ isBad: true, said: {} }]), 'unknown')).toMatchObject({ inconclusiveBad: 1 });
  });
});

describe('naming the bad release first', () => {
  const plan = (group: string, bad: number, goods: readonly number[], apart = 0): readonly Row[] => [
    { isBad: true, said: { score: bad }, group },
    ...goods.map((score) => ({ isBad: false, said: { score }, group, changeAt: CHANGE + apart })),
  ];

  it('counts plans of simultaneous releases with one bad among them; a tie names nobody', () => {
    const rows = [
      ...plan('first', 3, [1, 2]),
      ...plan('second', 1, [2]),
      ...plan('tied', 1, [1]),
      ...plan('alone', 5, []),
      ...plan('another day', 5, [1], 90_000),
    ];
    expect(figuresOf(outcomes(rows), 'm').namedFirst).toMatchObject({ hits: 1, of: 3 });
  });

  it('is nothing without plans', () => {
    expect(figuresOf(outcomes(plan('alone', 1, [])), 'm').namedFirst).toBeNull();
  });
});

describe('area under the curve', () => {
  it('counts ties half', () => {
    expect(areaUnderCurve([2, 3], [1, 2])).toBe(0.875);
    expect(areaUnderCurve([1, 1], [1])).toBe(0.5);
    expect(areaUnderCurve([], [1])).toBeNaN();
  });
});

describe('reliability', () => {
  it('bins what was said, 1 with the last, and leaves empty bins out', () => {
    const bins = reliability([
      { probability: 0, isBad: false },
      { probability: 0.1, isBad: true },
      { probability: 0.2, isBad: false },
      { probability: 1, isBad: true },
    ]);
    expect(bins.map(({ from, said, was }) => [from, said, was.hits, was.of])).toEqual([
      [0, 0.05, 1, 2],
      [0.2, 0.2, 0, 1],
      [0.8, 1, 1, 1],
    ]);
    expect(brierScore([])).toBeNull();
    expect(brierScore([{ probability: 0.5, isBad: true }])).toBe(0.25);
  });
});
