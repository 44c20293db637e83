import { createRandom, type RandomSource } from '../statistical/random.js';
import type { Backend } from './backend.js';
import { drawExample, type QuietMoment, type QuietSeries, splitMoments } from './quiet-window.js';
import { sealModel } from './seal-model.js';
import { createTrainer, type Examples, initialState } from './trainer.js';
import { decodeModel } from './weights-file.js';
import { writeWindowInput } from './window-input.js';
import { INPUT_SIZE } from './window-shape.js';

/** How a tuning goes. */
export interface FineTunePlan {
  /** Name of the tuned model, `<name>/<version>`; verdicts show it. */
  readonly name: string;
  readonly seed: number;
  readonly backend: Backend;
  /** Default 400. */
  readonly steps?: number;
}

export interface FineTuneReport {
  readonly base: string;
  readonly steps: number;
  /** Moments that were learned from; the later ones are held back for `compareOnPlacebos`. */
  readonly moments: number;
  /** Mean loss in nats over the first and the last tenth of the steps. */
  readonly firstLoss: number;
  readonly lastLoss: number;
}

const STEPS_BY_DEFAULT = 400;
const BATCH = 64;
/** A tenth of the rate that the base was trained with: the service's quirks are added, what harm looks like is kept. */
const LEARNING_RATE = 2e-4;
/** Fewer quiet moments would be learned by heart. */
const FEWEST_MOMENTS = 30;
/** Draws that may say too little before the history counts as unusable. */
const MOST_DRAWS = 50;

function drawBatch(moments: readonly QuietMoment[], random: RandomSource): Examples {
  const inputs = new Float32Array(BATCH * INPUT_SIZE);
  const labels = new Float32Array(BATCH);
  let filled = 0;
  for (let draw = 0; filled < BATCH; draw++) {
    if (draw > MOST_DRAWS * BATCH) {
      throw new RangeError(
        'series: hardly any quiet moment has values around it; give a history with fewer gaps',
      );
    }
    const { request, harmful } = drawExample(moments, random);
    if (!writeWindowInput(request, inputs, filled)) continue;
    labels[filled++] = harmful ? 1 : 0;
  }
  return { inputs, labels };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Goes on with the training of a model on a service's own quiet history, into which changes are injected. The result is a
 * proposal: use it only when `compareOnPlacebos` finds it better on the moments held back here, and keep the base.
 *
 * @param base bytes of a weights file; they are not changed
 * @param series quiet histories, the metrics of one service
 * @param onProgress called after every step with the share done, in (0, 1]
 * @returns bytes of a weights file; the same input gives the same bytes on the same machine and backend
 * @throws RangeError with fewer than 30 quiet moments to learn from
 */
export async function fineTune(
  base: Uint8Array,
  series: readonly QuietSeries[],
  plan: FineTunePlan,
  onProgress: (share: number) => void = () => undefined,
): Promise<{ readonly weights: Uint8Array; readonly report: FineTuneReport }> {
  const model = decodeModel(base);
  const { learned } = splitMoments(series);
  if (learned.length < FEWEST_MOMENTS) {
    throw new RangeError(
      `series: ${learned.length} quiet moments to learn from, ${FEWEST_MOMENTS} are needed; give a longer history`,
    );
  }
  const random = createRandom(plan.seed);
  const steps = plan.steps ?? STEPS_BY_DEFAULT;
  const trainer = await createTrainer(initialState(model.weights), plan.backend);
  const losses = Array.from({ length: steps }, (_, step) => {
    const rate = LEARNING_RATE * (1 - step / steps);
    const loss = trainer.step(drawBatch(learned, random), rate);
    onProgress((step + 1) / steps);
    return loss;
  });
  const { weights } = trainer.state();
  const tenth = Math.max(1, Math.floor(steps / 10));
  return {
    weights: await sealModel(plan.name, weights, plan.backend),
    report: {
      base: model.name,
      steps,
      moments: learned.length,
      firstLoss: meanOf(losses.slice(0, tenth)),
      lastLoss: meanOf(losses.slice(-tenth)),
    },
  };
}
