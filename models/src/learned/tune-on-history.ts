import { quietHistories } from '../calibration/quiet-past.js';
import { planReplay, type ReplayPlan } from '../calibration/replay-plan.js';
import type { MetricHistory, Snapshot } from '../contract.js';
import { cleanGauge } from '../series/clean-gauge.js';
import { fitTransform, forwardAll } from '../series/transform.js';
import { compareOnPlacebos, type Comparison } from './compare-on-placebos.js';
import { fineTune, type FineTuneReport } from './fine-tune.js';
import { loadLearnedScorer } from './learned-scorer.js';
import type { QuietSeries } from './quiet-window.js';

/** What came of a tuning. */
export type TuningOutcome =
  | {
      readonly kind: 'tuned';
      readonly weights: Uint8Array;
      readonly report: FineTuneReport;
      readonly comparison: Extract<Comparison, { kind: 'compared' }>;
    }
  | { readonly kind: 'insufficient'; readonly reason: string };

function quietSeries({ rule, treatment }: MetricHistory, plan: ReplayPlan): readonly QuietSeries[] {
  if (treatment.shape !== 'gauge') return [];
  const values = cleanGauge(treatment.values);
  const transform = fitTransform(values, rule.minEffect.absolute ?? rule.tolerance.absolute ?? 1);
  if (transform === undefined) return [];
  return [
    {
      values: forwardAll(transform, values),
      moments: plan.placebos,
      lags: plan.lags,
      plannedLooks: plan.looks,
      direction: rule.direction,
    },
  ];
}

/**
 * Tunes a model on the gauges of one service's quiet history, and compares the two on the later third of it, which the tuning never saw.
 * What calibrates watches must lie behind this history: placebos that a model has learned from would look quieter to it than a
 * release does.
 *
 * @param base bytes of a weights file
 * @param snapshot history to tune on
 * @param name `<name>/<version>` of the tuned model
 * @param steps of training (default 400)
 */
export async function tuneOnHistory(
  base: Uint8Array,
  snapshot: Snapshot,
  name: string,
  seed: number,
  steps?: number,
): Promise<TuningOutcome> {
  const plan = planReplay(snapshot);
  const series = quietHistories(snapshot).flatMap((history) => quietSeries(history, plan));
  if (series.length === 0)
    return {
      kind: 'insufficient',
      reason: 'no gauge has a history; the learned scorer looks at gauges alone',
    };
  const baseScorer = await loadLearnedScorer(base);
  const { backend } = baseScorer;
  try {
    const plans = { name, seed, backend, ...(steps === undefined ? {} : { steps }) };
    const { weights, report } = await fineTune(base, series, plans);
    const tunedScorer = await loadLearnedScorer(weights, [backend]);
    const comparison = compareOnPlacebos(baseScorer, tunedScorer, series, seed + 1);
    tunedScorer.dispose();
    return comparison.kind === 'compared' ? { kind: 'tuned', weights, report, comparison } : comparison;
  } catch (error) {
    // Too little to learn from: the message says what is missing.
    if (error instanceof RangeError) return { kind: 'insufficient', reason: error.message };
    throw error;
  } finally {
    baseScorer.dispose();
  }
}
