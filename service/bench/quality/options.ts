import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { CommandError } from '../../src/cli/command-error.js';
import type { CaseChoice } from './case-sets.js';

/** What was asked for on the command line. */
export interface QualityOptions extends CaseChoice {
  /** Folder of the results. */
  readonly out: string;
  /** Threads of each kind. */
  readonly workers: number;
  /** Whether Bellwether also judges with the learned scorer. */
  readonly isLearnedAsked: boolean;
}

export const USAGE = `Every method side by side over labelled deployment windows.

  npm run bench:quality -- --cases DIR [--set NAME]… [--part train|test|all] [--out DIR] [--workers COUNT] [--learned]

  --cases    folder with <set>/cases.jsonl.gz and split.json (or BELLWETHER_CASES)
  --set      only this set; may be repeated
  --part     train (default), test or all: what is tuned on one part is reported on the other
  --out      folder for quality.md, quality.json and plots (default: quality-<part>)
  --workers  threads (default: one a core)
  --learned  judge with the learned scorer as well, and say what it gains (several times as long)

An interrupted run goes on where it was, as long as the code is the same.
`;

/**
 * Reads the command line.
 * @throws CommandError that names the option and the remedy
 */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): QualityOptions {
  const values = parsed(args);
  const part = values.part ?? 'train';
  if (part !== 'train' && part !== 'test' && part !== 'all')
    throw new CommandError(`--part: "${part}" is none; give train, test or all`);
  const dir = values.cases ?? environment['BELLWETHER_CASES'];
  if (dir === undefined || dir === '')
    throw new CommandError('--cases: name the folder of the cases, or set BELLWETHER_CASES');
  const workers = values.workers === undefined ? availableParallelism() : Number(values.workers);
  if (!(Number.isInteger(workers) && workers >= 1))
    throw new CommandError(`--workers: "${values.workers ?? ''}" is no whole number of 1 or more`);
  return {
    dir,
    sets: values.set ?? [],
    part,
    out: values.out ?? `quality-${part}`,
    workers,
    isLearnedAsked: values.learned === true,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        cases: { type: 'string' },
        set: { type: 'string', multiple: true },
        part: { type: 'string' },
        out: { type: 'string' },
        workers: { type: 'string' },
        learned: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
