import { evidenceDecades } from '../src/verdict/harm-probability.js';
import { curveProbability, fitLogisticCurve } from './logistic-curve.js';

/** A case that was judged, by the group that it must not be split from. */
export interface GroupedCase {
  readonly group: string;
  /** Sequential p-value of its verdict, in (0, 1]. */
  readonly p: number;
  readonly isBad: boolean;
}

const FOLDS = 5;

/**
 * Probability of harm of every case by the curve refitted without its fold. Groups stay whole: sorted by name, they are dealt to
 * five folds in turn. The base rate is that of the cases that were fitted.
 *
 * @returns one probability a case, in their order; NaN where the other folds hold cases of one kind only
 */
export function crossValidatedProbabilities(cases: readonly GroupedCase[]): readonly number[] {
  const names = [...new Set(cases.map(({ group }) => group))].sort();
  const foldOf = new Map(names.map((name, index) => [name, index % FOLDS]));
  const points = cases.map(({ group, p, isBad }) => ({
    fold: foldOf.get(group),
    decades: evidenceDecades(p),
    isBad,
  }));
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const fitted = points.filter((point) => point.fold !== fold);
    const bad = fitted.filter(({ isBad }) => isBad).length;
    const logOdds = Math.log(bad / (fitted.length - bad));
    if (!Number.isFinite(logOdds)) return () => NaN;
    const curve = fitLogisticCurve(fitted, logOdds);
    return (decades: number) => curveProbability(curve, logOdds, decades);
  });
  return points.map(({ fold, decades }) => folds[fold ?? 0]?.(decades) ?? NaN);
}
