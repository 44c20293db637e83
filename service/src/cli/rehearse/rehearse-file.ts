import { statSync } from 'node:fs';
import { ENGINE_VERSION } from '@bellwether/models';
import type { RehearsalPlan } from '../../app/rehearse/rehearsal-plan.js';
import type { Engine } from '../../engine/port.js';
import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';
import { createEngineLanes, type EngineLanes } from './engine-lanes.js';
import { createLineJudge, type Judged } from './judge-line.js';
import { startProgress, type Progress } from './progress.js';
import { planMark } from './plan-mark.js';
import type { PolicyOf } from './read-policies.js';
import { createTally, type RehearsalSummary } from './rehearsal-summary.js';
import { createRemarks } from './remarks.js';
import { openVerdictFile, type VerdictFile } from './verdict-file.js';
import { windowLines } from './window-lines.js';

export interface RehearsalRun {
  /** File of recorded windows. */
  readonly cases: string;
  /** File of verdicts. */
  readonly out: string;
  readonly plan: RehearsalPlan;
  readonly policyOf: PolicyOf;
  readonly workers: number;
  readonly isResumed: boolean;
  /** Makes an engine of one thread. */
  readonly createEngine: () => Engine;
}

/** How often progress is shown. The timer also keeps the process: threads at work do not. */
const SHOW_EVERY_MS = 500;
/** Windows that may be done and wait for an earlier one to be written, a worker. */
const AHEAD = 4;

/**
 * Judges every window of a file and writes one line for each, in the order of the input. Holds a few windows at a time, however long
 * the file is. Aborted by `io.stop`, it leaves a file to resume with.
 * @throws CommandError or the system's error when a file cannot be read or written; what was written until then stays
 */
export async function rehearseFile(run: RehearsalRun, io: CommandIo): Promise<RehearsalSummary> {
  const input = statSync(run.cases, { throwIfNoEntry: false });
  if (input === undefined)
    throw new CommandError(`--cases: there is no file ${run.cases}; name the file of recorded windows`);
  const output = statSync(run.out, { throwIfNoEntry: false });
  if (output?.ino === input.ino && output.dev === input.dev)
    throw new CommandError(`${run.out} holds the windows themselves; name another file for the verdicts`);
  const startedMs = performance.now();
  const file = await openVerdictFile(run.out, planMark(run.plan, run.policyOf), run.isResumed);
  const lanes = createEngineLanes(run.workers, run.createEngine);
  const progress = startProgress(io, input.size, () => performance.now());
  const end = (): void => void lanes.close();
  io.stop.addEventListener('abort', end);
  try {
    const counts = await judgeAll({ run, io, file, lanes, progress });
    return {
      ...counts,
      seconds: (performance.now() - startedMs) / 1000,
      workers: run.workers,
      engineVersion: ENGINE_VERSION,
    };
  } finally {
    io.stop.removeEventListener('abort', end);
    progress.end();
    await lanes.close();
    await file.close();
  }
}

interface Work {
  readonly run: RehearsalRun;
  readonly io: CommandIo;
  readonly file: VerdictFile;
  readonly lanes: EngineLanes;
  readonly progress: Progress;
}

async function judgeAll({ run, io, file, lanes, progress }: Work) {
  const tally = createTally();
  let readBytes = 0;
  let skipped = 0;
  const judge = createLineJudge({
    lanes,
    plan: run.plan,
    policyOf: run.policyOf,
    finished: file.finished,
    remark: createRemarks((text) => progress.tell(text)),
  });
  const write = async (judged: Promise<Judged>): Promise<void> => {
    const line = await judged;
    // What was under way when the run was stopped is left for the next one.
    if (io.stop.aborted) return;
    await file.add(line);
    tally.add(line);
    if ('error' in line) progress.tell(line.error);
  };
  /** Lines that are not written yet, the oldest first; each waits for the one before it. */
  const unwritten: Promise<void>[] = [];
  let newest = Promise.resolve();
  const timer = setInterval(() => progress.update(readBytes, tally.windows, tally.errors), SHOW_EVERY_MS);
  try {
    for await (const line of windowLines(run.cases, (bytes) => (readBytes += bytes))) {
      if (line.text.trim() === '' && !line.isTooLong) continue;
      await lanes.free();
      if (io.stop.aborted) break;
      const judged = judge(line);
      if (judged === undefined) {
        skipped += 1;
        continue;
      }
      newest = newest.then(() => write(judged));
      // The failure is met when its turn comes.
      newest.catch(() => undefined);
      unwritten.push(newest);
      if (unwritten.length > AHEAD * run.workers) await unwritten.shift();
    }
  } finally {
    // Also when the input broke off: what came before it is worth keeping.
    await newest.finally(() => clearInterval(timer));
  }
  return {
    windows: tally.windows,
    verdicts: tally.verdicts,
    errors: tally.errors + file.finished.faultyLines.size,
    skipped,
  };
}
