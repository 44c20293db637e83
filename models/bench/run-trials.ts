import type { TrialFile } from './trial-file.js';
import type { TrialLane } from './trial-lanes.js';
import type { Trial, TrialResult } from './trial.js';

/** What a run of trials needs. */
export interface TrialRun {
  readonly trials: readonly Trial[];
  readonly lanes: readonly TrialLane[];
  readonly file: TrialFile;
  /** Milliseconds of some clock. */
  readonly now: () => number;
  /** On that clock: no trial begins after it. */
  readonly untilMs: number;
  readonly tell: (line: string) => void;
}

const SECOND_MS = 1000;
/** How often progress is told. */
const TELL_EVERY_MS = 15_000;

/**
 * Runs the trials that the file does not hold yet, and keeps each as it ends.
 * @returns results of all trials that were asked for, in their order, as far as there are any
 */
export async function runTrials(run: TrialRun): Promise<readonly TrialResult[]> {
  const { trials, lanes, file, now, untilMs, tell } = run;
  const results = new Map(file.earlier.map((result) => [result.key, result]));
  const left = trials.filter(({ key }) => !results.has(key));
  if (left.length < trials.length)
    tell(`${trials.length - left.length} of ${trials.length} trials were run earlier`);
  const queue = left.toReversed();
  let toldMs = now();
  const judge = async (lane: TrialLane, trial: Trial): Promise<void> => {
    const startedMs = now();
    const pasts = await lane(trial);
    const result = { key: trial.key, cell: trial.cell, tookMs: Math.round(now() - startedMs), pasts };
    file.add(result);
    results.set(trial.key, result);
    if (now() - toldMs < TELL_EVERY_MS) return;
    toldMs = now();
    tell(progressLine(trials, results, lanes.length));
  };
  await Promise.all(
    lanes.map(async (lane) => {
      while (now() < untilMs) {
        const trial = queue.pop();
        if (trial === undefined) return;
        await judge(lane, trial);
      }
    }),
  );
  return trials.flatMap(({ key }) => results.get(key) ?? []);
}

/** How far the run is, and how long the rest takes at the pace of each cell so far. */
export function progressLine(
  trials: readonly Trial[],
  results: ReadonlyMap<string, TrialResult>,
  lanes: number,
): string {
  const pace = new Map<string, number>();
  const done = trials.flatMap(({ key }) => results.get(key) ?? []);
  for (const cell of new Set(done.map((result) => result.cell)))
    pace.set(cell, meanTime(done.filter((result) => result.cell === cell)));
  const typical = meanTime(done);
  const leftMs = trials
    .filter(({ key }) => !results.has(key))
    .reduce((sum, { cell }) => sum + (pace.get(cell) ?? typical), 0);
  return `${done.length} of ${trials.length} trials, about ${duration(leftMs / lanes)} left`;
}

function meanTime(results: readonly TrialResult[]): number {
  return results.reduce((sum, { tookMs }) => sum + tookMs, 0) / Math.max(1, results.length);
}

function duration(ms: number): string {
  const seconds = Math.round(ms / SECOND_MS);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
