import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Weights } from '../src/learned/network.js';
import type { TrainingState } from '../src/learned/trainer.js';
import type { TrainingPlan } from './train-model.js';

type Arrays = Readonly<Record<string, string>>;

interface Stored {
  readonly plan: TrainingPlan;
  readonly backend: string;
  readonly steps: number;
  readonly weights: Arrays;
  readonly first: Arrays;
  readonly second: Arrays;
}

function toText(weights: Weights): Arrays {
  return Object.fromEntries(
    [...weights].map(([name, values]) => [
      name,
      Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64'),
    ]),
  );
}

function fromText(arrays: Arrays): Weights {
  return new Map(
    Object.entries(arrays).map(([name, text]) => {
      const bytes = Buffer.from(text, 'base64');
      return [name, new Float32Array(new Uint8Array(bytes).buffer)];
    }),
  );
}

/** Stores a training so that it can go on after an interruption; the file is replaced in one piece. */
export function saveCheckpoint(
  path: string,
  plan: TrainingPlan,
  backend: string,
  state: TrainingState,
): void {
  const stored: Stored = {
    plan,
    backend,
    steps: state.steps,
    weights: toText(state.weights),
    first: toText(state.first),
    second: toText(state.second),
  };
  writeFileSync(`${path}.new`, JSON.stringify(stored));
  renameSync(`${path}.new`, path);
}

/**
 * The stored state of this very plan on this backend.
 *
 * @returns undefined when there is none, or one of another plan, which would not give the weights that this plan promises
 */
export function loadCheckpoint(path: string, plan: TrainingPlan, backend: string): TrainingState | undefined {
  if (!existsSync(path)) return undefined;
  const stored = JSON.parse(readFileSync(path, 'utf8')) as Stored;
  if (JSON.stringify(stored.plan) !== JSON.stringify(plan) || stored.backend !== backend) return undefined;
  return {
    steps: stored.steps,
    weights: fromText(stored.weights),
    first: fromText(stored.first),
    second: fromText(stored.second),
  };
}
