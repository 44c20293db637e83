import { type Backend, startBackend } from './backend.js';
import { type Weights, weightTensors } from './network.js';
import { scoreBatch } from './score-batch.js';
import { selfTestBatch } from './self-test.js';
import { encodeModel } from './weights-file.js';

/**
 * Makes a weights file of trained weights, with what the backend computes for the self-test, so that every later backend can
 * be held against it.
 *
 * @param name `<name>/<version>`
 */
export async function sealModel(name: string, weights: Weights, backend: Backend): Promise<Uint8Array> {
  await startBackend(backend);
  const tensors = weightTensors(weights);
  const test = selfTestBatch();
  const selfTest = Array.from(scoreBatch(tensors, test.batch, test.count));
  for (const tensor of tensors.values()) tensor.dispose();
  return encodeModel({ name, weights, selfTest });
}
