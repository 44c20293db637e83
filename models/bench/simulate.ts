import { codeMark } from './code-mark.js';
import { planTrials, type TrialCell } from './plan-trials.js';
import { runTrials } from './run-trials.js';
import { openTrialFile, TrialFileError } from './trial-file.js';
import { createTrialLanes } from './trial-lanes.js';
import { readTrialOptions, TrialOptionError, type TrialOptions } from './trial-options.js';
import type { TrialResult } from './trial.js';

const MINUTE_MS = 60_000;

/** A simulation: its cells, and how its results become a table. */
export interface Simulation {
  /** Names its file of rows. */
  readonly name: string;
  readonly cellsOf: (options: TrialOptions) => readonly TrialCell[];
  readonly tableOf: (results: readonly TrialResult[], options: TrialOptions) => string;
}

/** Runs a simulation from the command line: trials to a file that can be gone on with, a table of all that it holds to the output. */
export async function simulate(
  { name, cellsOf, tableOf }: Simulation,
  args: readonly string[],
): Promise<void> {
  try {
    const options = readTrialOptions(args, name);
    const { seed, futures, rows, isResumed, workers, minutes } = options;
    const trials = planTrials(cellsOf(options), options);
    if (trials.length === 0) throw new TrialOptionError('--cells: no cell has all of these words');
    const file = openTrialFile(rows, { bench: name, code: codeMark(), seed, futures }, isResumed);
    const threads = createTrialLanes(options.isTableOnly ? 0 : workers);
    const startedMs = performance.now();
    const results = await runTrials({
      trials,
      lanes: threads.lanes,
      file,
      now: () => performance.now(),
      untilMs: startedMs + minutes * MINUTE_MS,
      tell: (line) => console.error(`${((performance.now() - startedMs) / 1000).toFixed(0)} s  ${line}`),
    });
    await threads.close();
    console.log(tableOf(results, options));
  } catch (error) {
    if (!(error instanceof TrialOptionError || error instanceof TrialFileError)) throw error;
    console.error(error.message);
    process.exitCode = 3;
  }
}
