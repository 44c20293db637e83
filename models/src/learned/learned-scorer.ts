import { type Backend, BACKENDS, startBackend, useBackend } from './backend.js';
import { weightTensors } from './network.js';
import { scoreBatch } from './score-batch.js';
import { BACKEND_TOLERANCE, selfTestBatch, selfTestError } from './self-test.js';
import { decodeModel, type LearnedModel } from './weights-file.js';
import { INPUT_SIZE } from './window-shape.js';

/** A loaded model. Its logits rank windows; they are never thresholded, calibration gives them their meaning. */
export interface LearnedScorer {
  /** `<name>/<version>` of the model. */
  readonly model: string;
  readonly backend: Backend;
  /**
   * Logits of windows, larger = more like harm. A metric whose harm lies in both directions is scored once as `up` and once as
   * `down`, and the larger logit counts.
   *
   * @param batch `INPUT_SIZE` numbers a window, written by `writeWindowInput`
   * @param count windows in the batch
   * @returns `count` finite logits; the same batch gives the same bits on the same backend, however it is cut
   * @throws RangeError when the batch holds fewer windows
   */
  readonly score: (batch: Float32Array, count: number) => Float32Array;
  /** Frees the model's memory; `score` must not be called any more. */
  readonly dispose: () => void;
}

async function loadOn(model: LearnedModel, backend: Backend): Promise<LearnedScorer> {
  await startBackend(backend);
  const tensors = weightTensors(model.weights);
  const score = (batch: Float32Array, count: number): Float32Array => {
    if (batch.length < count * INPUT_SIZE) {
      throw new RangeError(
        `batch must hold ${count} windows of ${INPUT_SIZE} numbers, got ${batch.length} numbers`,
      );
    }
    useBackend(backend);
    return scoreBatch(tensors, batch, count);
  };
  const dispose = (): void => {
    for (const tensor of tensors.values()) tensor.dispose();
  };
  const test = selfTestBatch();
  const error = selfTestError(score(test.batch, test.count), model.selfTest);
  if (error <= BACKEND_TOLERANCE) return { model: model.name, backend, score, dispose };
  dispose();
  throw new Error(`backend ${backend} failed the self-test of ${model.name}: a logit is off by ${error}`);
}

/**
 * Loads a model on the first backend that starts and passes the model's self-test.
 *
 * @param weights bytes of an artefact's weights file
 * @param backends which to try, in order (default: native TensorFlow, WebAssembly, plain JavaScript)
 * @throws Error on bytes that are no model of this build; AggregateError with every backend's failure when none passes
 * @example const scorer = await loadLearnedScorer(bytes, ['wasm', 'cpu']);
 */
export async function loadLearnedScorer(
  weights: Uint8Array,
  backends: readonly Backend[] = BACKENDS,
): Promise<LearnedScorer> {
  const model = decodeModel(weights);
  const failures: unknown[] = [];
  for (const backend of backends) {
    try {
      return await loadOn(model, backend);
    } catch (cause) {
      failures.push(cause);
    }
  }
  throw new AggregateError(failures, `no backend can run the learned scorer (tried ${backends.join(', ')})`);
}
