import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../../src/app/rehearse/is-record.js';
import { CommandError } from '../../src/cli/command-error.js';
import { windowLines } from '../../src/cli/rehearse/window-lines.js';
import { CaseError, separate, type LabelledCase } from './labelled-case.js';

export type Part = 'train' | 'test';

/** A folder of a set of cases. */
export interface CaseSet {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  /** Ids to be judged; absent where the folder does not say what is for training. */
  readonly ids?: ReadonlySet<string>;
}

/** Which cases are wanted. */
export interface CaseChoice {
  /** Folder of the sets. */
  readonly dir: string;
  /** Names of sets; all when empty. */
  readonly sets: readonly string[];
  readonly part: Part | 'all';
}

/**
 * The sets in a folder: `<set>/cases.jsonl.gz` each, and `split.json` with the ids of each part by set.
 * @throws CommandError when there are none, or a wanted one is missing
 */
export function findCaseSets({ dir, sets, part }: CaseChoice): readonly CaseSet[] {
  if (!existsSync(dir)) throw new CommandError(`--cases: there is no folder ${dir}`);
  const found = readdirSync(dir)
    .sort()
    .map((name) => ({ name, file: join(dir, name, 'cases.jsonl.gz') }))
    .filter(({ file }) => existsSync(file));
  const missing = sets.find((name) => !found.some((set) => set.name === name));
  if (missing !== undefined)
    throw new CommandError(
      `--set: there is no ${missing} in ${dir}; there are ${found.map(({ name }) => name).join(', ')}`,
    );
  const split = readSplit(dir);
  const wanted = found
    .filter(({ name }) => sets.length === 0 || sets.includes(name))
    .flatMap(({ name, file }): readonly CaseSet[] => {
      const ids = part === 'all' ? undefined : split.get(part)?.get(name);
      if (part !== 'all' && split.size > 0 && ids === undefined) return [];
      return [{ name, file, bytes: statSync(file).size, ...(ids === undefined ? {} : { ids }) }];
    });
  if (wanted.length > 0) return wanted;
  throw new CommandError(
    `${dir} holds no cases for --part ${part}; a set is a folder with cases.jsonl.gz, and split.json says which ids are for training`,
  );
}

/** Names of the sets that something may have been fitted on. */
export function trainingSets(dir: string): ReadonlySet<string> {
  return new Set(readSplit(dir).get('train')?.keys() ?? []);
}

/** Cases of a set in the order of its file. @throws CommandError that names the line of what is no case */
export async function* readCases(
  set: CaseSet,
  onBytes: (count: number) => void,
): AsyncGenerator<LabelledCase> {
  for await (const { number, text } of windowLines(set.file, onBytes)) {
    if (text.trim() === '') continue;
    const labelled = parse(set.name, text, `${set.file}, line ${number}`);
    if (set.ids?.has(labelled.truth.id) ?? true) yield labelled;
  }
}

function parse(set: string, text: string, place: string): LabelledCase {
  try {
    return separate(set, JSON.parse(text));
  } catch (error) {
    if (error instanceof CaseError || error instanceof SyntaxError)
      throw new CommandError(`${place}: the case ${error.message}`);
    throw error;
  }
}

type Split = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

function readSplit(dir: string): Split {
  const file = join(dir, 'split.json');
  if (!existsSync(file)) return new Map();
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isRecord(value))
    throw new CommandError(`${file} is not an object of parts; write {"train": {…}, "test": {…}}`);
  return new Map(
    Object.entries(value).flatMap(([part, sets]) => {
      if (!isRecord(sets)) return [];
      const ids = Object.entries(sets).flatMap(([name, list]) =>
        Array.isArray(list) ? [[name, new Set(list.map(String))] as const] : [],
      );
      return [[part, new Map(ids)] as const];
    }),
  );
}
