import * as tf from '@tensorflow/tfjs-core';
// Registers the gradients of all operations: the core alone can only infer.
import '@tensorflow/tfjs-layers';
import { type Backend, startBackend, useBackend } from './backend.js';
import { logits, sizeOf, WEIGHT_SHAPES, type Weights, weightTensors } from './network.js';
import { INPUT_SIZE } from './window-shape.js';

/** Windows with what they hold. */
export interface Examples {
  /** `INPUT_SIZE` numbers a window. */
  readonly inputs: Float32Array;
  /** 1 = harm, 0 = none. */
  readonly labels: Float32Array;
}

/** Everything needed to go on with a training to the same bits. */
export interface TrainingState {
  readonly steps: number;
  readonly weights: Weights;
  /** Adam's running means of gradients and of their squares. */
  readonly first: Weights;
  readonly second: Weights;
}

export interface Trainer {
  /** One step of gradient descent; returns the mean loss (nats) of the batch before it. */
  readonly step: (batch: Examples, learningRate: number) => number;
  /** A copy of the state; the trainer goes on by itself. */
  readonly state: () => TrainingState;
}

/** Adam (Kingma & Ba 2015) with the decoupled weight decay of Loshchilov & Hutter (2019). */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;
const WEIGHT_DECAY = 1e-3;

const trained = WEIGHT_SHAPES.filter((shape) => shape.trained);

function copyOf(weights: Weights): Map<string, Float32Array> {
  return new Map([...weights].map(([name, values]) => [name, values.slice()]));
}

/** The state before the first step. */
export function initialState(weights: Weights): TrainingState {
  const zeros = (): Weights =>
    new Map(trained.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]));
  return { steps: 0, weights, first: zeros(), second: zeros() };
}

/** Mean logistic loss, max(z, 0) − z·y + ln(1 + e^−|z|) so that it cannot overflow. */
function meanLoss(z: tf.Tensor2D, truth: tf.Tensor2D): tf.Scalar {
  const tail = tf.log1p(tf.exp(tf.neg(tf.abs(z))));
  return tf.mean(tf.add(tf.sub(tf.relu(z), tf.mul(z, truth)), tail));
}

/** Mean loss of a batch and its gradients, in the order of `WEIGHT_SHAPES`. */
function gradients(weights: Weights, { inputs, labels }: Examples) {
  const count = labels.length;
  const found: Float32Array[] = [];
  let loss = NaN;
  tf.tidy(() => {
    const tensors = [...weightTensors(weights).values()];
    const batch = tf.tensor2d(inputs.subarray(0, count * INPUT_SIZE), [count, INPUT_SIZE]);
    const truth = tf.tensor2d(labels, [count, 1]);
    const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
      const named = new Map(WEIGHT_SHAPES.map(({ name }, index) => [name, given[index] as tf.Tensor]));
      return meanLoss(logits(named, batch), truth);
    })(tensors);
    loss = value.dataSync()[0] ?? NaN;
    for (const gradient of grads) found.push(gradient.dataSync<'float32'>().slice());
  });
  return { loss, found };
}

interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

function descend(
  values: Float32Array,
  gradient: Float32Array,
  { first, second }: Moments,
  rate: number,
  step: number,
  decay: number,
): void {
  const correct1 = 1 - BETA1 ** step;
  const correct2 = 1 - BETA2 ** step;
  for (let index = 0; index < values.length; index++) {
    const g = gradient[index] ?? 0;
    const m = BETA1 * (first[index] ?? 0) + (1 - BETA1) * g;
    const v = BETA2 * (second[index] ?? 0) + (1 - BETA2) * g * g;
    first[index] = m;
    second[index] = v;
    const old = values[index] ?? 0;
    values[index] = old - rate * (m / correct1 / (Math.sqrt(v / correct2) + EPSILON) + decay * old);
  }
}

/**
 * Trains the network on one backend. The optimiser's arithmetic is done here and not by the backend, so that its state can be
 * stored, and a training that goes on from a stored state gives the bits of one that was never interrupted.
 *
 * @param state where to go on, or `initialState`
 */
export async function createTrainer(state: TrainingState, backend: Backend): Promise<Trainer> {
  await startBackend(backend);
  const weights = copyOf(state.weights);
  const first = copyOf(state.first);
  const second = copyOf(state.second);
  let steps = state.steps;
  return {
    step: (batch, learningRate) => {
      useBackend(backend);
      const { loss, found } = gradients(weights, batch);
      steps += 1;
      for (const [index, { name, trained: follows }] of WEIGHT_SHAPES.entries()) {
        const own = { first: first.get(name), second: second.get(name), values: weights.get(name) };
        const gradient = found[index];
        if (!follows || !own.first || !own.second || !own.values || !gradient) continue;
        const decay = name.endsWith('.weight') ? WEIGHT_DECAY : 0;
        descend(own.values, gradient, { first: own.first, second: own.second }, learningRate, steps, decay);
      }
      return loss;
    },
    state: () => ({ steps, weights: copyOf(weights), first: copyOf(first), second: copyOf(second) }),
  };
}
