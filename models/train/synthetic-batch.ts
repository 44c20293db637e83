import type { RandomSource } from '../src/statistical/random.js';
import type { Examples } from '../src/learned/trainer.js';
import { writeWindowInput } from '../src/learned/window-input.js';
import { INPUT_SIZE } from '../src/learned/window-shape.js';
import type { Family } from './families.js';
import { syntheticWindow, type SyntheticWindow } from './synthetic-window.js';

export interface SyntheticBatch extends Examples {
  readonly kinds: readonly SyntheticWindow['kind'][];
}

/** `count` windows of families drawn evenly; windows that say too little are drawn again. */
export function syntheticBatch(
  families: readonly Family[],
  count: number,
  random: RandomSource,
  look?: number,
): SyntheticBatch {
  const inputs = new Float32Array(count * INPUT_SIZE);
  const labels = new Float32Array(count);
  const kinds: SyntheticWindow['kind'][] = [];
  while (kinds.length < count) {
    const family = families[random.integer(families.length)];
    if (family === undefined) throw new Error('syntheticBatch needs at least one family');
    const { request, harmful, kind } = syntheticWindow(family, random, look);
    if (!writeWindowInput(request, inputs, kinds.length)) continue;
    labels[kinds.length] = harmful ? 1 : 0;
    kinds.push(kind);
  }
  return { inputs, labels, kinds };
}
