import type { Judged } from './judge-line.js';

/** What a run came to. */
export interface RehearsalSummary {
  /** Lines written by this run. */
  readonly windows: number;
  readonly verdicts: Readonly<Record<Judged['verdict'], number>>;
  /** Lines with an error in the whole file of verdicts; those of this run count among its inconclusive ones. */
  readonly errors: number;
  /** Windows that an earlier run had judged. */
  readonly skipped: number;
  readonly seconds: number;
  readonly workers: number;
  readonly engineVersion: string;
}

/** Counts the lines of a run. */
export function createTally() {
  const verdicts = { rollback: 0, continue: 0, inconclusive: 0 };
  let errors = 0;
  return {
    add(line: Judged) {
      verdicts[line.verdict] += 1;
      if ('error' in line) errors += 1;
    },
    get windows() {
      return verdicts.rollback + verdicts.continue + verdicts.inconclusive;
    },
    get errors() {
      return errors;
    },
    get verdicts() {
      return { ...verdicts };
    },
  };
}

/** A number with its noun: `1 window`, `2,000 windows`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** One or two lines for people. */
export function summaryText(summary: RehearsalSummary, out: string): string {
  const { windows, verdicts, errors, skipped, seconds, workers } = summary;
  const parts = Object.entries(verdicts).map(([verdict, number]) => `${number} ${verdict}`);
  const before = skipped === 0 ? '' : `; ${count(skipped, 'window')} had been judged before`;
  const faults = errors === 0 ? '' : `\n${count(errors, 'line')} could not be judged: see "error" in ${out}.`;
  return `${count(windows, 'window')} in ${seconds.toFixed(1)} s on ${count(workers, 'worker')}: ${parts.join(', ')}${before}.${faults}`;
}
