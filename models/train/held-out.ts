import type { LearnedScorer } from '../src/learned/learned-scorer.js';
import { areaUnderRoc, truePositiveRate } from '../src/learned/roc.js';
import { FEATURE_NAMES } from '../src/learned/feature-names.js';
import { INPUT_SIZE, LINES_SIZE } from '../src/learned/window-shape.js';
import { createRandom } from '../src/statistical/random.js';
import { type Family, HELD_OUT_FAMILIES, TRAINING_FAMILIES } from './families.js';
import { syntheticBatch, type SyntheticBatch } from './synthetic-batch.js';
import { blindfold, type TrainingPlan } from './train-model.js';

/** How well windows are ranked. */
export interface Ranking {
  readonly name: string;
  readonly look: number;
  readonly auc: number;
  /** Share of harmful windows found when 5 % of harmless ones alarm. */
  readonly truePositives: number;
}

/** Looks at a quarter, half and all of the watch. */
export const MEASURED_LOOKS = [15, 30, 60] as const;
const FALSE_POSITIVES = 0.05;

export function ranking(
  name: string,
  look: number,
  scores: ArrayLike<number>,
  harmful: readonly boolean[],
): Ranking {
  const scored = { scores, harmful };
  return {
    name,
    look,
    auc: areaUnderRoc(scored),
    truePositives: truePositiveRate(scored, FALSE_POSITIVES),
  };
}

/** One feature of every window of a batch: what a single statistic ranks. */
export function featureOf(inputs: Float32Array, count: number, name: string): Float32Array {
  const place = LINES_SIZE + FEATURE_NAMES.indexOf(name);
  return new Float32Array(count).map((_, window) => inputs[window * INPUT_SIZE + place] ?? 0);
}

/** Single statistics that the model is measured against. */
export const SINGLE_STATISTICS = [
  'residual:deviation-ratio',
  'today:dominance',
  'outside:suffix-scan',
  'outside:segment-scan',
] as const;

function harmfulOf(batch: SyntheticBatch): readonly boolean[] {
  return Array.from(batch.labels, (label) => label === 1);
}

/** Ranks windows of known and of unknown families that no training has seen. */
export function rankHeldOut(
  scorer: LearnedScorer,
  count: number,
  seed: number,
  blind: TrainingPlan['blind'] = 'nothing',
): readonly Ranking[] {
  const sets: readonly (readonly [string, readonly Family[]])[] = [
    ['known families', TRAINING_FAMILIES],
    ['held-out families', HELD_OUT_FAMILIES],
  ];
  return sets.flatMap(([set, families]) =>
    MEASURED_LOOKS.flatMap((look) => {
      const batch = syntheticBatch(families, count, createRandom(seed + look), look);
      const harmful = harmfulOf(batch);
      const single = SINGLE_STATISTICS.map((name) =>
        ranking(`${set}, ${name}`, look, featureOf(batch.inputs, count, name), harmful),
      );
      blindfold(batch.inputs, blind);
      return [ranking(`${set}, learned`, look, scorer.score(batch.inputs, count), harmful), ...single];
    }),
  );
}
