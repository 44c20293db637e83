import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import type { Backend } from './backend.js';
import { initialWeights, type Weights } from './network.js';
import { createTrainer, type Examples, initialState, type TrainingState } from './trainer.js';
import { INPUT_SIZE } from './window-shape.js';

function examples(seed: number): Examples {
  const random = createRandom(seed);
  const labels = new Float32Array(16).map((_, index) => index % 2);
  const inputs = new Float32Array(16 * INPUT_SIZE).map((_, place) => {
    const label = labels[Math.floor(place / INPUT_SIZE)] ?? 0;
    return 0.5 * random.normal() + (place % 7 === 0 ? label : 0);
  });
  return { inputs, labels };
}

async function train(from: TrainingState, steps: number, backend: Backend = 'wasm') {
  const trainer = await createTrainer(from, backend);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push(trainer.step(examples(from.steps + step), 2e-3));
  return { state: trainer.state(), losses };
}

function largestDifference(a: Weights, b: Weights): number {
  let most = 0;
  for (const [name, values] of a)
    values.forEach(
      (value, index) => (most = Math.max(most, Math.abs(value - (b.get(name)?.[index] ?? NaN)))),
    );
  return most;
}

describe('createTrainer', () => {
  const start = initialState(initialWeights(7));

  it('learns what tells the labels apart', async () => {
    const { losses } = await train(start, 25);
    expect(losses[0]).toBeGreaterThan(0.5);
    expect(losses.at(-1)).toBeLessThan(0.2);
  });

  it('gives the same bits again, and goes on after an interruption as if there had been none', async () => {
    const whole = await train(start, 6);
    const half = await train(start, 3);
    const rest = await train(half.state, 3);
    expect((await train(start, 6)).state).toEqual(whole.state);
    expect(rest.state).toEqual(whole.state);
    expect(start.steps).toBe(0);
  });

  it('takes the same path on another backend, but for rounding', async () => {
    const [wasm, cpu] = [await train(start, 3), await train(start, 3, 'cpu')];
    expect(largestDifference(wasm.state.weights, start.weights)).toBeGreaterThan(1e-3);
    // Adam divides by the size of gradients, so that rounding of tiny ones shows.
    expect(largestDifference(wasm.state.weights, cpu.state.weights)).toBeLessThan(1e-3);
  });
});
