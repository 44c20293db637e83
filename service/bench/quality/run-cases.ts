import { join } from 'node:path';
import type { CommandIo } from '../../src/cli/command-io.js';
import { startProgress } from '../../src/cli/rehearse/progress.js';
import { readCases, type CaseSet } from './case-sets.js';
import { judgeCase, type Judges } from './judge-case.js';
import type { LabelledCase } from './labelled-case.js';
import type { CaseOutcome } from './outcome.js';
import { openOutcomeFile } from './outcome-file.js';

export interface CaseRun extends Judges {
  readonly sets: readonly CaseSet[];
  /** Folder of the results. */
  readonly out: string;
  /** Names the code that judges. */
  readonly mark: string;
}

/** Name of the file with what was judged so far. */
export const OUTCOMES = 'outcomes.jsonl';
/** How often progress is shown. The timer also keeps the process: threads at work do not. */
const SHOW_EVERY_MS = 500;
/** Cases under way at once: a few more than there are threads, so that none waits for the reader. */
const UNDER_WAY = 4;

/**
 * Judges every case of the sets that an earlier run has not, a few at a time.
 * @returns outcomes in the order of sets and ids, whatever order they were judged in; what there is when stopped
 */
export async function runCases(run: CaseRun, io: CommandIo): Promise<readonly CaseOutcome[]> {
  const { sets, out, mark } = run;
  const file = await openOutcomeFile(join(out, OUTCOMES), mark);
  const wanted = new Set(sets.map(({ name }) => name));
  const outcomes = file.earlier.filter(({ truth }) => wanted.has(truth.set));
  const known = new Set(file.earlier.map(({ truth }) => keyOf(truth)));
  const totalBytes = sets.reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = startProgress(io, totalBytes, () => performance.now());
  if (outcomes.length > 0) progress.tell(`${outcomes.length} cases were judged by an earlier run`);
  let [readBytes, errors] = [0, 0];
  const timer = setInterval(() => progress.update(readBytes, outcomes.length, errors), SHOW_EVERY_MS);
  const judge = async (labelled: LabelledCase): Promise<void> => {
    const outcome = await judgeCase(labelled, run);
    if (io.stop.aborted) return;
    outcomes.push(outcome);
    if (outcome.error !== undefined) {
      errors += 1;
      progress.tell(`${keyOf(outcome.truth)}: ${outcome.error}`);
    }
    await file.add(outcome);
  };
  try {
    for (const set of sets) {
      const unknown = readCases(set, (count) => (readBytes += count));
      await judgeSome(unknown, known, judge, io.stop);
    }
  } finally {
    clearInterval(timer);
    progress.end();
    await file.close();
  }
  // Of a set only the wanted part, though the file may hold more.
  return inOrder(outcomes.filter(({ truth }) => isWanted(sets, truth)));
}

async function judgeSome(
  cases: AsyncIterable<LabelledCase>,
  known: ReadonlySet<string>,
  judge: (labelled: LabelledCase) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  for await (const labelled of cases) {
    if (stop.aborted) break;
    if (known.has(keyOf(labelled.truth))) continue;
    const judged = judge(labelled).finally(() => underWay.delete(judged));
    underWay.add(judged);
    if (underWay.size >= UNDER_WAY) await Promise.race(underWay);
  }
  await Promise.all(underWay);
}

function keyOf({ set, id }: CaseOutcome['truth']): string {
  return `${set}/${id}`;
}

function isWanted(sets: readonly CaseSet[], { set, id }: CaseOutcome['truth']): boolean {
  return sets.some(({ name, ids }) => name === set && (ids?.has(id) ?? true));
}

function inOrder(outcomes: readonly CaseOutcome[]): readonly CaseOutcome[] {
  const keys = new Map(outcomes.map((outcome) => [keyOf(outcome.truth), outcome]));
  return [...keys.keys()].sort().flatMap((key) => keys.get(key) ?? []);
}
