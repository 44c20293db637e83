import { createHash } from 'node:crypto';
import type { Backend } from '../src/learned/backend.js';
import { trainModel, type TrainingPlan } from './train-model.js';

/**
 * Tells trainings apart by what they do: the plan, and the weights after one step of it. A change of the data generator, of the features,
 * of the network, of the optimiser, of the backend or of the processor's rounding shows in them.
 *
 * @returns SHA-256 in hexadecimal digits; the same for the same training
 */
export async function trainingFingerprint(plan: TrainingPlan, backend: Backend): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([plan, backend]));
  const weights = await trainModel({ ...plan, steps: 1 }, backend, () => undefined);
  for (const [name, { buffer, byteOffset, byteLength }] of weights)
    hash.update(name).update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
