import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Weights } from '../src/learned/network.js';
import type { TrainingState } from '../src/learned/trainer.js';

type Arrays = Readonly<Record<string, string>>;

interface Stored {
  readonly fingerprint: string;
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

/**
 * Stores a training so that it can go on after an interruption; the file is replaced in one piece.
 *
 * @param fingerprint of the training, see `trainingFingerprint`
 */
export function saveCheckpoint(path: string, fingerprint: string, state: TrainingState): void {
  const stored: Stored = {
    fingerprint,
    steps: state.steps,
    weights: toText(state.weights),
    first: toText(state.first),
    second: toText(state.second),
  };
  writeFileSync(`${path}.new`, JSON.stringify(stored));
  renameSync(`${path}.new`, path);
}

/** A stored training; a stale one began with another plan, code or machine, and would end in weights that nothing reproduces. */
export type Checkpoint =
  { readonly kind: 'found'; readonly state: TrainingState } | { readonly kind: 'none' | 'stale' };

/** The stored state of this very training. */
export function loadCheckpoint(path: string, fingerprint: string): Checkpoint {
  if (!existsSync(path)) return { kind: 'none' };
  const stored = JSON.parse(readFileSync(path, 'utf8')) as Stored;
  if (stored.fingerprint !== fingerprint) return { kind: 'stale' };
  const state = {
    steps: stored.steps,
    weights: fromText(stored.weights),
    first: fromText(stored.first),
    second: fromText(stored.second),
  };
  return { kind: 'found', state };
}
