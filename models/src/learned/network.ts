import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../statistical/random.js';
import { FEATURES, INPUT_SIZE, LINES_SIZE, TOKEN_SIZE, TOKENS } from './window-shape.js';

/** One array of weights. `trained` ones follow the gradient; the others are fitted to the data before training. */
export interface WeightShape {
  readonly name: string;
  /** [rows, columns], or [columns]: the wasm kernel takes biases of rank 1 only. */
  readonly shape: readonly number[];
  readonly trained: boolean;
}

const WIDTH = 32;
const TOKEN_HIDDEN = 16;
const CHANNEL_HIDDEN = 48;
const HEAD_HIDDEN = 64;
const BLOCKS = 2;
/** Standardised features count up to this far from their mean. */
const FEATURE_CLIP = 6;

function dense(name: string, rows: number, columns: number): readonly WeightShape[] {
  return [
    { name: `${name}.weight`, shape: [rows, columns], trained: true },
    { name: `${name}.bias`, shape: [columns], trained: true },
  ];
}

/** All weights of the network, in the order in which they are stored. */
export const WEIGHT_SHAPES: readonly WeightShape[] = [
  { name: 'features.centre', shape: [FEATURES], trained: false },
  { name: 'features.scale', shape: [FEATURES], trained: false },
  ...dense('embed', TOKEN_SIZE, WIDTH),
  { name: 'position', shape: [TOKENS, WIDTH], trained: true },
  ...Array.from({ length: BLOCKS }, (_, block) => [
    ...dense(`block${block}.tokens.in`, TOKENS, TOKEN_HIDDEN),
    ...dense(`block${block}.tokens.out`, TOKEN_HIDDEN, TOKENS),
    ...dense(`block${block}.channels.in`, WIDTH, CHANNEL_HIDDEN),
    ...dense(`block${block}.channels.out`, CHANNEL_HIDDEN, WIDTH),
  ]).flat(),
  ...dense('head.hidden', 2 * WIDTH + FEATURES, HEAD_HIDDEN),
  ...dense('head.out', HEAD_HIDDEN, 1),
  { name: 'wide.weight', shape: [FEATURES, 1], trained: true },
];

/** Numbers in an array of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Weights by name, row by row. */
export type Weights = ReadonlyMap<string, Float32Array>;
export type WeightTensors = ReadonlyMap<string, tf.Tensor>;

/**
 * Residual branches begin small, so that depth does not disturb the first steps (cf. Zhang, Dauphin & Ma 2019, "Fixup"), and
 * what is no matrix of a layer begins at 0.
 */
function initialGain(name: string): number {
  if (!name.endsWith('.weight') || name === 'wide.weight') return 0;
  return name.endsWith('.out.weight') ? 0.1 : 1;
}

/**
 * Weights before training: normal with variance 2 / inputs (He et al. 2015), biases 0.
 *
 * @param seed the same seed gives the same bits on every platform
 */
export function initialWeights(seed: number): Weights {
  const random = createRandom(seed);
  return new Map(
    WEIGHT_SHAPES.map(({ name, shape }) => {
      const deviation = initialGain(name) * Math.sqrt(2 / (shape[0] ?? 1));
      const values = new Float32Array(sizeOf(shape)).map(() => deviation * random.normal());
      return [name, name === 'features.scale' ? values.fill(1) : values];
    }),
  );
}

/** Weights as tensors of the backend in use; the caller disposes of them. */
export function weightTensors(weights: Weights): WeightTensors {
  return new Map(
    WEIGHT_SHAPES.map(({ name, shape }) => [
      name,
      tf.tensor(weights.get(name) ?? new Float32Array(sizeOf(shape)), [...shape]),
    ]),
  );
}

function layer(
  tensors: WeightTensors,
  name: string,
  x: tf.Tensor2D,
  activation: 'relu' | 'linear',
): tf.Tensor2D {
  const b = weight(tensors, `${name}.weight`);
  const bias = weight(tensors, `${name}.bias`);
  return tf.fused.matMul({ a: x, b, bias, activation }) as tf.Tensor2D;
}

function weight(tensors: WeightTensors, name: string): tf.Tensor {
  const found = tensors.get(name);
  if (found === undefined) throw new Error(`the network has no weights named ${name}`);
  return found;
}

/** One mixer block (Tolstikhin et al. 2021, "MLP-Mixer"): an MLP across tokens, then one across channels, each beside a skip. */
function mixerBlock(tensors: WeightTensors, block: number, x: tf.Tensor3D, count: number): tf.Tensor3D {
  const byChannel = tf.reshape<tf.Rank.R2>(tf.transpose(x, [0, 2, 1]), [count * WIDTH, TOKENS]);
  const mixed = layer(
    tensors,
    `block${block}.tokens.out`,
    layer(tensors, `block${block}.tokens.in`, byChannel, 'relu'),
    'linear',
  );
  const afterTokens = tf.add(x, tf.transpose(tf.reshape(mixed, [count, WIDTH, TOKENS]), [0, 2, 1]));
  const rows = tf.reshape<tf.Rank.R2>(afterTokens, [count * TOKENS, WIDTH]);
  const channels = layer(
    tensors,
    `block${block}.channels.out`,
    layer(tensors, `block${block}.channels.in`, rows, 'relu'),
    'linear',
  );
  return tf.reshape<tf.Rank.R3>(tf.add(rows, channels), [count, TOKENS, WIDTH]);
}

function encode(tensors: WeightTensors, lines: tf.Tensor2D, count: number): tf.Tensor2D {
  const tokens = tf.reshape<tf.Rank.R2>(lines, [count * TOKENS, TOKEN_SIZE]);
  const embedded = tf.reshape<tf.Rank.R3>(layer(tensors, 'embed', tokens, 'linear'), [count, TOKENS, WIDTH]);
  let x = tf.add<tf.Tensor3D>(embedded, tf.reshape(weight(tensors, 'position'), [1, TOKENS, WIDTH]));
  for (let block = 0; block < BLOCKS; block++) x = mixerBlock(tensors, block, x, count);
  return tf.concat2d([tf.mean(x, 1), tf.max(x, 1)], 1);
}

function standardised(tensors: WeightTensors, features: tf.Tensor2D): tf.Tensor2D {
  const centred = tf.sub(features, weight(tensors, 'features.centre'));
  return tf.clipByValue(tf.mul(centred, weight(tensors, 'features.scale')), -FEATURE_CLIP, FEATURE_CLIP);
}

/**
 * The network: patch embedding, mixer blocks, mean and maximum over the tokens, joined by the statistical features, then an
 * MLP to one logit.
 *
 * @param batch [count, INPUT_SIZE]
 * @returns [count, 1] logits, larger = more like harm
 */
export function logits(tensors: WeightTensors, batch: tf.Tensor2D): tf.Tensor2D {
  const count = batch.shape[0];
  const lines = tf.slice2d(batch, [0, 0], [count, LINES_SIZE]);
  const features = tf.slice2d(batch, [0, LINES_SIZE], [count, INPUT_SIZE - LINES_SIZE]);
  const told = standardised(tensors, features);
  const joined = tf.concat2d([encode(tensors, lines, count), told], 1);
  const deep = layer(tensors, 'head.out', layer(tensors, 'head.hidden', joined, 'relu'), 'linear');
  // A straight way for the features (Cheng et al. 2016, "Wide & Deep"): what is far more extreme than anything seen in
  // training still ranks above what is merely extreme.
  return tf.add(deep, tf.matMul(told, weight(tensors, 'wide.weight') as tf.Tensor2D));
}
