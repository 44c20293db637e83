import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { TrialChoice } from './plan-trials.js';

/** What was asked for on the command line of a simulation. */
export interface TrialOptions extends TrialChoice {
  readonly futures: number;
  readonly workers: number;
  /** File of the results, one trial a line. */
  readonly rows: string;
  readonly isResumed: boolean;
  /** Whether only the table of what is there is wanted. */
  readonly isTableOnly: boolean;
  /** No trial begins later than this; Infinity: until all are done. */
  readonly minutes: number;
}

/** An option that cannot be used; the message names it and the remedy. */
export class TrialOptionError extends Error {
  override readonly name = 'TrialOptionError';
}

/**
 * Reads the options that the simulations share.
 * @param bench names the file of rows where none is named
 * @throws TrialOptionError
 */
export function readTrialOptions(args: readonly string[], bench: string): TrialOptions {
  const values = parsed(args);
  const [part, parts] = (values.part ?? '1/1').split('/').map(Number);
  if (!(isWhole(part) && isWhole(parts) && part >= 1 && part <= parts))
    throw new TrialOptionError(
      `--part: "${values.part ?? ''}" is none; give 2/4 for the second of four parts`,
    );
  const minutes = values.minutes === undefined ? Infinity : Number(values.minutes);
  if (!(minutes >= 0))
    throw new TrialOptionError(`--minutes: "${values.minutes ?? ''}" is no number of 0 or more`);
  return {
    seed: whole('--seed', values.seed ?? '1'),
    pasts: whole('--pasts', values.pasts ?? '250'),
    futures: whole('--futures', values.futures ?? '4'),
    workers: whole('--workers', values.workers ?? String(availableParallelism())),
    rows: values.rows ?? `${bench}.jsonl`,
    isResumed: values.resume === true || values.table === true,
    isTableOnly: values.table === true,
    part: part - 1,
    parts,
    isLearnedAsked: values.learned === true,
    wanted: (values.cells ?? []).map((words) => words.split(/[ /]+/).filter((word) => word !== '')),
    minutes,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string' },
        pasts: { type: 'string' },
        futures: { type: 'string' },
        workers: { type: 'string' },
        rows: { type: 'string' },
        resume: { type: 'boolean' },
        table: { type: 'boolean' },
        part: { type: 'string' },
        cells: { type: 'string', multiple: true },
        minutes: { type: 'string' },
        learned: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new TrialOptionError(error instanceof Error ? error.message : String(error));
  }
}

function isWhole(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 1;
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (isWhole(value)) return value;
  throw new TrialOptionError(`${option}: "${text}" is no whole number of 1 or more`);
}
