import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from './backend.js';
import { initialWeights, sizeOf, WEIGHT_SHAPES, type Weights, weightTensors } from './network.js';
import { scoreBatch } from './score-batch.js';
import { selfTestBatch, selfTestError } from './self-test.js';
import { FEATURES, INPUT_SIZE } from './window-shape.js';

const { network } = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/learned.json', import.meta.url), 'utf8'),
) as {
  readonly network: {
    readonly windows: number;
    readonly features: number;
    readonly logits: readonly number[];
  };
};

const formulaWeights: Weights = new Map(
  WEIGHT_SHAPES.map(({ name, shape }, array) => [
    name,
    new Float32Array(sizeOf(shape)).map((_, index) => 0.2 * Math.sin(0.7 * index + array)),
  ]),
);

async function logitsOn(
  backend: Backend,
  weights: Weights,
  batch: Float32Array,
  count: number,
): Promise<Float32Array> {
  await startBackend(backend);
  const tensors = weightTensors(weights);
  const scores = scoreBatch(tensors, batch, count);
  for (const tensor of tensors.values()) tensor.dispose();
  return scores;
}

describe.each(['wasm', 'cpu'] as const)('the network on %s', (backend) => {
  it('computes what numpy computes', async () => {
    expect(network.features).toBe(FEATURES);
    const batch = new Float32Array(network.windows * INPUT_SIZE).map((_, index) => Math.sin(0.37 * index));
    const scores = await logitsOn(backend, formulaWeights, batch, network.windows);
    expect(scores).toHaveLength(network.windows);
    scores.forEach((score, index) => expect(score).toBeCloseTo(network.logits[index] ?? NaN, 3));
  });
});

describe('backends', () => {
  const seen: Float32Array[] = [];
  afterAll(() => expect(seen).toHaveLength(2));

  it('agree within 1e-4', async () => {
    const { batch, count } = selfTestBatch();
    const weights = initialWeights(5);
    for (const backend of ['wasm', 'cpu'] as const) seen.push(await logitsOn(backend, weights, batch, count));
    const [wasm = new Float32Array(), cpu = new Float32Array()] = seen;
    expect(selfTestError(wasm, Array.from(cpu))).toBeLessThan(1e-4);
    expect(new Set(cpu).size).toBe(count);
  });
});

describe('initialWeights', () => {
  it('follow the seed', () => {
    expect(initialWeights(3)).toEqual(initialWeights(3));
    expect(initialWeights(3)).not.toEqual(initialWeights(4));
  });
});
