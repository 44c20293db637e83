import type { PolicyProblem } from '../../policies/problem.js';
import { plain } from '../terminal/plain-text.js';

/** Longer lines are cut. */
const WIDEST = 120;

/** The line of a file that a problem is in, with a mark under it; empty where the file has no such line. */
export function codeFrame(text: string | undefined, { line, column }: PolicyProblem): readonly string[] {
  const written = text?.split('\n')[line - 1]?.trimEnd();
  if (written === undefined || written.trim() === '') return [];
  const number = String(line);
  const from = column > WIDEST - 20 ? column - 41 : 0;
  const shown = plain(written.slice(from, from + WIDEST));
  return [`  ${number} | ${shown}`, `  ${' '.repeat(number.length)} | ${' '.repeat(column - 1 - from)}^`];
}
