import * as tf from '@tensorflow/tfjs-core';
import { logits, type WeightTensors } from './network.js';
import { INPUT_SIZE } from './window-shape.js';

/** Windows that go through the network at once: larger batches gain nothing and cost memory. */
const AT_ONCE = 256;

/** Logits of the first `count` windows of a batch, on the backend in use. */
export function scoreBatch(tensors: WeightTensors, batch: Float32Array, count: number): Float32Array {
  const scores = new Float32Array(count);
  for (let from = 0; from < count; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - from);
    const part = batch.subarray(from * INPUT_SIZE, (from + size) * INPUT_SIZE);
    const values = tf.tidy(() => logits(tensors, tf.tensor2d(part, [size, INPUT_SIZE])).dataSync());
    scores.set(values, from);
  }
  return scores;
}
