import { quantileSorted } from '../statistical/quantile.js';
import { createRandom, type RandomSource } from '../statistical/random.js';
import { drawHarm } from './injection.js';
import type { LearnedScorer } from './learned-scorer.js';
import {
  changedRequest,
  drawLook,
  type QuietMoment,
  quietRequest,
  type QuietSeries,
  splitMoments,
} from './quiet-window.js';
import { areaUnderRoc } from './roc.js';
import type { WindowRequest } from './window-lines.js';
import { writeWindowInput } from './window-input.js';
import { INPUT_SIZE } from './window-shape.js';

/** Which of two models ranks a service's held-back placebos better. */
export type Comparison =
  | {
      readonly kind: 'compared';
      /** Held-back quiet moments; each is looked at as it was and with harm injected. */
      readonly moments: number;
      readonly baseAuc: number;
      readonly tunedAuc: number;
      /** 95 % bootstrap interval of `tunedAuc − baseAuc`. */
      readonly low: number;
      readonly high: number;
      /** Whether the interval lies above 0. */
      readonly tunedIsBetter: boolean;
    }
  | { readonly kind: 'insufficient'; readonly reason: string };

const FEWEST_MOMENTS = 20;
const RESAMPLES = 300;
/** Looks at each moment: more harm is shown than there are moments. */
const LOOKS_A_MOMENT = 4;

interface Pairs {
  readonly inputs: Float32Array;
  /** Windows; even ones quiet, the odd one after each the same window harmed. */
  readonly count: number;
}

function drawPairs(moments: readonly QuietMoment[], random: RandomSource): Pairs {
  const inputs = new Float32Array(2 * LOOKS_A_MOMENT * moments.length * INPUT_SIZE);
  let count = 0;
  const write = (quiet: WindowRequest): void => {
    const harmed = changedRequest(quiet, drawHarm(random), random);
    if (writeWindowInput(quiet, inputs, count) && writeWindowInput(harmed, inputs, count + 1)) count += 2;
  };
  for (const moment of moments) {
    for (let look = 0; look < LOOKS_A_MOMENT; look++) {
      write(quietRequest(moment, drawLook(moment.series.plannedLooks, random), random));
    }
  }
  return { inputs, count };
}

function aucOf(scores: Float32Array, pairs: readonly number[]): number {
  const chosen = pairs.flatMap((pair) => [scores[2 * pair] ?? 0, scores[2 * pair + 1] ?? 0]);
  return areaUnderRoc({ scores: chosen, harmful: chosen.map((_, index) => index % 2 === 1) });
}

/**
 * Compares a tuned model with the one it came from, on the moments that `fineTune` held back. The interval resamples whole
 * runs of neighbouring pairs, because overlapping watches are not independent (moving blocks, Künsch 1989).
 *
 * @param seed decides looks, injections and resamples
 */
export function compareOnPlacebos(
  base: LearnedScorer,
  tuned: LearnedScorer,
  series: readonly QuietSeries[],
  seed: number,
): Comparison {
  const { heldBack } = splitMoments(series);
  const random = createRandom(seed);
  const { inputs, count } = drawPairs(heldBack, random);
  const pairs = count / 2;
  if (pairs < FEWEST_MOMENTS * LOOKS_A_MOMENT) {
    return {
      kind: 'insufficient',
      reason: `${heldBack.length} quiet moments are held back, ${FEWEST_MOMENTS} with values around them are needed`,
    };
  }
  const [baseScores, tunedScores] = [base.score(inputs, count), tuned.score(inputs, count)];
  const all = Array.from({ length: pairs }, (_, pair) => pair);
  const block = Math.max(LOOKS_A_MOMENT, Math.round(Math.sqrt(pairs)));
  const differences = new Float64Array(RESAMPLES).map(() => {
    const chosen = Array.from({ length: Math.ceil(pairs / block) }, () => random.integer(pairs)).flatMap(
      (start) => Array.from({ length: block }, (_, index) => (start + index) % pairs),
    );
    return aucOf(tunedScores, chosen) - aucOf(baseScores, chosen);
  });
  differences.sort();
  const low = quantileSorted(differences, 0.025);
  return {
    kind: 'compared',
    moments: heldBack.length,
    baseAuc: aucOf(baseScores, all),
    tunedAuc: aucOf(tunedScores, all),
    low,
    high: quantileSorted(differences, 0.975),
    tunedIsBetter: low > 0,
  };
}
