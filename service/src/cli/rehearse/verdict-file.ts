import { existsSync } from 'node:fs';
import { open, rename, truncate } from 'node:fs/promises';
import { isRecord } from '../../app/rehearse/is-record.js';
import { CommandError } from '../command-error.js';
import { windowLines } from './window-lines.js';

/** What a file of verdicts already holds. */
export interface Finished {
  /** Ids of judged windows, as `idKey` writes them. */
  readonly ids: ReadonlySet<string>;
  /** Input lines that were found faulty and have no id. */
  readonly faultyLines: ReadonlySet<number>;
}

/** Verdicts, one a line, in the order in which they are added. */
export interface VerdictFile {
  readonly finished: Finished;
  add(line: object): Promise<void>;
  close(): Promise<void>;
}

/** Ids `1` and `"1"` are two. */
export function idKey(id: string | number): string {
  return JSON.stringify(id);
}

/**
 * Opens the file that verdicts go to.
 *
 * @param plan mark of the plan that the verdicts are given by; written in every line
 * @param isResumed keep what is there: a last line that was torn off is cut away, and errors of windows with an id are taken out, so
 * that their windows are judged again
 * @throws CommandError when the file to go on with is not one of verdicts, or was judged by another plan; it stays as it is
 */
export async function openVerdictFile(path: string, plan: string, isResumed: boolean): Promise<VerdictFile> {
  const finished = isResumed
    ? await readFinished(path, plan)
    : { ids: new Set<string>(), faultyLines: new Set<number>() };
  const file = await open(path, isResumed ? 'a' : 'w');
  return {
    finished,
    add: (line) => file.appendFile(`${JSON.stringify({ ...line, plan })}\n`),
    close: () => file.close(),
  };
}

async function readFinished(path: string, plan: string): Promise<Finished> {
  const ids = new Set<string>();
  const faultyLines = new Set<number>();
  if (!existsSync(path)) return { ids, faultyLines };
  /** Lines of this file to be taken out. */
  const retried = new Set<number>();
  let keptBytes = 0;
  for await (const { number, text, isWhole, bytes } of windowLines(path, () => undefined)) {
    if (!isWhole) break;
    const verdict = verdictOf(text, `${path}, line ${number}`, plan);
    if (verdict.id === null) faultyLines.add(verdict.line);
    else if (verdict.isError) retried.add(number);
    else ids.add(idKey(verdict.id));
    keptBytes += bytes;
  }
  await truncate(path, keptBytes);
  if (retried.size > 0) await takeOut(path, retried);
  return { ids, faultyLines };
}

/** The file is whole at any moment: it is written anew beside itself, and then put in its own place. */
async function takeOut(path: string, lines: ReadonlySet<number>): Promise<void> {
  const fresh = `${path}.resumed`;
  const file = await open(fresh, 'w');
  try {
    for await (const { number, text } of windowLines(path, () => undefined))
      if (!lines.has(number)) await file.appendFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
}

/** What a line of verdicts says of its window, or of a line of the input without one. */
type Written =
  { readonly id: string | number; readonly isError: boolean } | { readonly id: null; readonly line: number };

function verdictOf(text: string, place: string, plan: string): Written {
  const verdict = parsed(text);
  const begin = 'or leave out --resume to begin again.';
  if (verdict === undefined)
    throw new CommandError(
      `${place}: this is not a verdict. Resume with the file that the run was writing, ${begin}`,
    );
  if (verdict['plan'] !== plan)
    throw new CommandError(
      `${place}: this verdict was given under other options or policies, or by another version of Bellwether. Resume with those of the run before, name another file with --out, ${begin}`,
    );
  const { id, line, error } = verdict;
  if (typeof id === 'string' || typeof id === 'number') return { id, isError: error !== undefined };
  return { id: null, line: Number(line) };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const verdict: unknown = JSON.parse(text);
    return isRecord(verdict) && 'verdict' in verdict ? verdict : undefined;
  } catch {
    return undefined;
  }
}
