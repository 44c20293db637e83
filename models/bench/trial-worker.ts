/** A thread that judges trials of the simulations, one at a time. */
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { SHIPPED_MODEL, type WindowScorer } from '../src/index.js';
import { judgeTrial } from './judge-trial.js';
import type { Trial } from './trial.js';

/** From `models/dist/bench`, where threads run. */
const WEIGHTS = new URL(`../../artifacts/${SHIPPED_MODEL.model}/weights.bin`, import.meta.url);

let loaded: Promise<WindowScorer> | undefined;

async function load(): Promise<WindowScorer> {
  const { loadLearnedScorer } = await import('../src/learned/index.js');
  return loadLearnedScorer(readFileSync(WEIGHTS), ['wasm', 'cpu']);
}

async function judge(trial: Trial): Promise<void> {
  if (trial.isLearnedAsked) loaded ??= load();
  parentPort?.postMessage(judgeTrial(trial, trial.isLearnedAsked ? await loaded : undefined));
}

parentPort?.on('message', (trial: Trial) => {
  // A trial that cannot be judged ends the thread with its error.
  judge(trial).catch((error: unknown) => {
    throw error;
  });
});
