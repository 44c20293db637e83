import type { Backend } from '../src/learned/backend.js';
import { initialWeights, type Weights } from '../src/learned/network.js';
import { createTrainer, initialState, type TrainingState } from '../src/learned/trainer.js';
import { FEATURES, INPUT_SIZE, LINES_SIZE } from '../src/learned/window-shape.js';
import { createRandom } from '../src/statistical/random.js';
import { type Family, TRAINING_FAMILIES } from './families.js';
import { syntheticBatch } from './synthetic-batch.js';

/** All that decides what a training gives. */
export interface TrainingPlan {
  readonly seed: number;
  readonly steps: number;
  /** Windows a step. */
  readonly batch: number;
  /** Highest learning rate, reached after the warm-up and falling to 0 along a cosine. */
  readonly learningRate: number;
  /** What the network may not see, for ablations. */
  readonly blind: 'nothing' | 'lines' | 'features';
}

export const SHIPPED_PLAN: TrainingPlan = {
  seed: 41,
  steps: 4000,
  batch: 128,
  learningRate: 2e-3,
  blind: 'nothing',
};

const WARM_UP_STEPS = 200;
/** Windows that the features are standardised on. */
const STANDARDISING_WINDOWS = 4096;
/** Features that hardly vary are not blown up. */
const DEVIATION_FLOOR = 1e-2;
/** Keeps the streams of different seeds apart; more steps than any plan has. */
const STEPS_PER_SEED = 1_000_000;

/** Learning rate of a step (0-based). */
export function learningRateAt(plan: TrainingPlan, step: number): number {
  const warmUp = Math.min(1, (step + 1) / WARM_UP_STEPS);
  return plan.learningRate * warmUp * 0.5 * (1 + Math.cos((Math.PI * step) / plan.steps));
}

/** Blanks what an ablation may not see. */
export function blindfold(inputs: Float32Array, blind: TrainingPlan['blind']): void {
  if (blind === 'nothing') return;
  const [from, to] = blind === 'lines' ? [0, LINES_SIZE] : [LINES_SIZE, INPUT_SIZE];
  for (let offset = 0; offset < inputs.length; offset += INPUT_SIZE)
    inputs.fill(0, offset + from, offset + to);
}

/** Initial weights whose first layer standardises the features as the families have them. */
function standardisedWeights(plan: TrainingPlan, families: readonly Family[]): Weights {
  const random = createRandom(plan.seed * STEPS_PER_SEED - 1);
  const { inputs } = syntheticBatch(families, STANDARDISING_WINDOWS, random);
  const centre = new Float32Array(FEATURES);
  const scale = new Float32Array(FEATURES);
  for (let feature = 0; feature < FEATURES; feature++) {
    let sum = 0;
    let squares = 0;
    for (let window = 0; window < STANDARDISING_WINDOWS; window++) {
      const value = inputs[window * INPUT_SIZE + LINES_SIZE + feature] ?? 0;
      sum += value;
      squares += value * value;
    }
    const mean = sum / STANDARDISING_WINDOWS;
    const deviation = Math.sqrt(Math.max(0, squares / STANDARDISING_WINDOWS - mean * mean));
    centre[feature] = mean;
    scale[feature] = 1 / (deviation + DEVIATION_FLOOR);
  }
  return new Map([...initialWeights(plan.seed), ['features.centre', centre], ['features.scale', scale]]);
}

/** What a training tells while it runs. */
export interface TrainingProgress {
  readonly step: number;
  /** Mean loss in nats since the last report. */
  readonly loss: number;
  readonly state: () => TrainingState;
}

/**
 * Trains on synthetic windows, a fresh batch for each step, so that nothing is learned by heart. Batch n depends on the seed
 * and n alone: a training that goes on from a stored state gives the same bits as one that was never interrupted.
 *
 * @param from a stored state to go on with
 * @param report called every `reportEvery` steps and after the last one
 */
export async function trainModel(
  plan: TrainingPlan,
  backend: Backend,
  report: (progress: TrainingProgress) => void,
  { reportEvery = 100, from }: { readonly reportEvery?: number; readonly from?: TrainingState } = {},
): Promise<Weights> {
  const start = from ?? initialState(standardisedWeights(plan, TRAINING_FAMILIES));
  const trainer = await createTrainer(start, backend);
  let loss = 0;
  let reported = start.steps;
  for (let step = start.steps; step < plan.steps; step++) {
    const batch = syntheticBatch(
      TRAINING_FAMILIES,
      plan.batch,
      createRandom(plan.seed * STEPS_PER_SEED + step),
    );
    blindfold(batch.inputs, plan.blind);
    loss += trainer.step(batch, learningRateAt(plan, step));
    if ((step + 1) % reportEvery !== 0 && step + 1 !== plan.steps) continue;
    report({ step: step + 1, loss: loss / (step + 1 - reported), state: trainer.state });
    reported = step + 1;
    loss = 0;
  }
  return trainer.state().weights;
}
