import { createRandom } from '@bellwether/models';
import { figuresOf, type Figures } from './figures.js';
import { OURS, OURS_LEARNED, type CaseOutcome } from './outcome.js';

/** What the learned scorer changes in one figure. */
export interface Gain {
  readonly figure: string;
  readonly without: number | null;
  readonly with: number | null;
  /** 95 % interval of the difference `with − without`; null where it cannot be computed. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Cases that are rolled back by one and not by the other. */
export interface Flipped {
  readonly onlyWith: number;
  readonly onlyWithout: number;
}

/** What the learned scorer changes over the same cases in the same run. */
export interface LearnedComparison {
  readonly title: string;
  readonly gains: readonly Gain[];
  readonly bad: Flipped;
  readonly good: Flipped;
}

const FIGURES: readonly (readonly [string, (figures: Figures) => number | null])[] = [
  ['F1', ({ f1 }) => f1],
  ['recall', ({ recall }) => recall],
  ['false rollbacks', ({ falseRollbacks }) => falseRollbacks.share],
  ['AUC', ({ auc }) => auc],
  ['Brier skill', ({ brierSkill }) => brierSkill],
  ['median delay, min', ({ delays }) => delays.median],
];
const RESAMPLES = 1000;
const SEED = 1;
/** A figure that most resamples cannot give has no interval. */
const LEAST_KNOWN = 0.9;

function isRollback({ methods }: CaseOutcome, name: string): boolean {
  return methods[name]?.verdict === 'rollback';
}

function flipped(outcomes: readonly CaseOutcome[], isBad: boolean): Flipped {
  const ones = outcomes.filter(({ truth }) => truth.isBad === isBad);
  return {
    onlyWith: ones.filter((one) => isRollback(one, OURS_LEARNED) && !isRollback(one, OURS)).length,
    onlyWithout: ones.filter((one) => isRollback(one, OURS) && !isRollback(one, OURS_LEARNED)).length,
  };
}

function differences(outcomes: readonly CaseOutcome[]): readonly number[] {
  const [on, off] = [figuresOf(outcomes, OURS_LEARNED), figuresOf(outcomes, OURS)];
  return FIGURES.map(([, of]) => (of(on) ?? NaN) - (of(off) ?? NaN));
}

function interval(values: readonly number[]) {
  const known = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (known.length < LEAST_KNOWN * values.length) return { low: null, high: null };
  const at = (share: number): number => known[Math.round(share * (known.length - 1))] ?? NaN;
  return { low: at(0.025), high: at(0.975) };
}

/**
 * Bellwether with the learned scorer against without it. Both judged every case, so that differences are paired; the interval resamples
 * whole groups, because cases of one service or incident are not independent (Efron & Tibshirani 1993, the percentile bootstrap).
 *
 * @param outcomes judged by both
 */
export function learnedGain(title: string, outcomes: readonly CaseOutcome[]): LearnedComparison {
  const groups = new Map<string, CaseOutcome[]>();
  for (const one of outcomes) {
    const key = `${one.truth.set}/${one.truth.group}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const all = [...groups.values()];
  const random = createRandom(SEED);
  const resampled = Array.from({ length: RESAMPLES }, () =>
    differences(all.flatMap(() => all[random.integer(all.length)] ?? [])),
  );
  const [on, off] = [figuresOf(outcomes, OURS_LEARNED), figuresOf(outcomes, OURS)];
  return {
    title,
    gains: FIGURES.map(([figure, of], index) => ({
      figure,
      without: of(off),
      with: of(on),
      ...interval(resampled.map((each) => each[index] ?? NaN)),
    })),
    bad: flipped(outcomes, true),
    good: flipped(outcomes, false),
  };
}
