import { existsSync } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import { windowLines } from '../../src/cli/rehearse/window-lines.js';
import type { CaseOutcome } from './outcome.js';

/** Outcomes so far, kept on disk so that an interrupted run goes on where it was. */
export interface OutcomeFile {
  /** What an earlier run of the same code wrote. */
  readonly earlier: readonly CaseOutcome[];
  add(outcome: CaseOutcome): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the file of a run. It begins anew when it was written by other code; a last line that was torn off is cut away.
 * @param mark names all that outcomes depend on beside the cases; the first line of the file
 */
export async function openOutcomeFile(path: string, mark: string): Promise<OutcomeFile> {
  const { earlier, bytes } = await readEarlier(path, mark);
  if (bytes > 0) await truncate(path, bytes);
  const file = await open(path, bytes > 0 ? 'a' : 'w');
  if (bytes === 0) await file.appendFile(`${JSON.stringify({ mark })}\n`);
  // One after the other: a file handle mixes up what is appended at the same time.
  let written = Promise.resolve();
  return {
    earlier,
    add(outcome) {
      written = written.then(() => file.appendFile(`${JSON.stringify(outcome)}\n`));
      return written;
    },
    async close() {
      await written.catch(() => undefined);
      await file.close();
    },
  };
}

async function readEarlier(path: string, mark: string) {
  const earlier: CaseOutcome[] = [];
  let bytes = 0;
  if (!existsSync(path)) return { earlier, bytes };
  for await (const line of windowLines(path, () => undefined)) {
    if (!line.isWhole) break;
    if (line.number === 1 && line.text !== JSON.stringify({ mark })) return { earlier, bytes: 0 };
    // Written by `add` of this very code: the mark says so.
    if (line.number > 1) earlier.push(JSON.parse(line.text) as CaseOutcome);
    bytes += line.bytes;
  }
  return { earlier, bytes };
}
