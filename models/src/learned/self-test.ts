import { createRandom } from '../statistical/random.js';
import { INPUT_SIZE } from './window-shape.js';

const SEED = 60_601;
const WINDOWS = 8;
/** Largest difference of a logit between backends that counts as rounding. */
export const BACKEND_TOLERANCE = 1e-3;

/** Inputs on which every backend must repeat what the training backend computed. */
export function selfTestBatch(): { readonly batch: Float32Array; readonly count: number } {
  const random = createRandom(SEED);
  const batch = new Float32Array(WINDOWS * INPUT_SIZE).map(() => 0.7 * random.normal());
  return { batch, count: WINDOWS };
}

/** Largest distance between computed and expected logits; NaN when one of them is not a number or missing. */
export function selfTestError(computed: Float32Array, expected: readonly number[]): number {
  if (computed.length !== expected.length) return NaN;
  return computed.reduce((most, value, index) => {
    const error = Math.abs(value - (expected[index] ?? NaN));
    return Number.isNaN(error) ? NaN : Math.max(most, error);
  }, 0);
}
