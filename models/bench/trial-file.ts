import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import type { TrialResult } from './trial.js';

/** What results depend on beside their key; the first line of a file. */
export interface TrialHead {
  readonly bench: string;
  /** Names the code that judged. */
  readonly code: string;
  readonly seed: number;
  readonly futures: number;
}

/** Results so far, kept on disk so that an interrupted run goes on where it was. */
export interface TrialFile {
  readonly earlier: readonly TrialResult[];
  add(result: TrialResult): void;
}

/** A result file that cannot be gone on with; the message names the remedy. */
export class TrialFileError extends Error {
  override readonly name = 'TrialFileError';
}

/**
 * Opens the result file of a run. A last line that was torn off is cut away.
 * @param isResumed whether to go on with a file that is there
 * @throws TrialFileError when it is there and not to be resumed, or holds results of other code, seed or futures
 */
export function openTrialFile(path: string, head: TrialHead, isResumed: boolean): TrialFile {
  if (!existsSync(path)) writeFileSync(path, `${JSON.stringify(head)}\n`);
  else if (!isResumed)
    throw new TrialFileError(
      `--rows: ${path} is there already; add --resume to go on with it, or name another file`,
    );
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  const [first = '{}', ...lines] = whole.split('\n').slice(0, -1);
  checkHead(path, JSON.parse(first) as Partial<TrialHead>, head);
  return {
    // Written by `add` of this very code: the head says so.
    earlier: lines.map((line) => JSON.parse(line) as TrialResult),
    add: (result) => appendFileSync(path, `${JSON.stringify(result)}\n`),
  };
}

function checkHead(path: string, found: Partial<TrialHead>, wanted: TrialHead): void {
  for (const field of ['bench', 'code', 'seed', 'futures'] as const) {
    if (found[field] === wanted[field]) continue;
    throw new TrialFileError(
      `--rows: ${path} holds results of another ${field} (${found[field] ?? 'none'}, now ${wanted[field]}), which do not mix; name another file`,
    );
  }
}
