import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';

/** One instruction, its continuation lines joined. */
export interface Instruction {
  readonly keyword: string;
  readonly rest: string;
}

export interface Stage {
  readonly name: string;
  /** An image, or an earlier stage. */
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

export interface Copy {
  /** An earlier stage; undefined is the build context. */
  readonly from?: string;
  readonly sources: readonly string[];
  readonly target: string;
}

export function parseDockerfile(text: string): readonly Stage[] {
  const lines = text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const stages: { name: string; from: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, keyword = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (keyword === 'FROM') {
      const [, from = '', name = ''] = /^(\S+) AS (\S+)$/.exec(rest) ?? [];
      stages.push({ name, from, instructions: [] });
    } else stages.at(-1)?.instructions.push({ keyword, rest });
  }
  return stages;
}

export function copiesOf({ instructions }: Stage): readonly Copy[] {
  return instructions
    .filter(({ keyword }) => keyword === 'COPY')
    .map(({ rest }) => {
      const from = /--from=(\S+)/.exec(rest)?.[1];
      const words = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
      return {
        ...(from === undefined ? {} : { from }),
        sources: words.slice(0, -1),
        target: words.at(-1) ?? '',
      };
    });
}

/** What .dockerignore keeps out of the build context, by its path from the top. */
export function ignored(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => {
    const anywhere = pattern.startsWith('**/');
    const glob = anywhere ? pattern.slice(3) : pattern;
    const body = glob.replaceAll(/[.+^$()|[\]{}]/g, '\\$&').replaceAll('*', '[^/]*');
    return new RegExp(`^${anywhere ? '(?:.*/)?' : ''}${body}(?:/|$)`).test(path);
  });
}

export function ignorePatterns(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/**
 * Carries out a stage's COPY instructions in a folder that stands for its file system, and before them those of the stages that it
 * begins from; what RUN does is given, by stage.
 */
export function simulate(
  stages: readonly Stage[],
  name: string,
  parts: {
    readonly context: string;
    readonly patterns: readonly string[];
    readonly folder: string;
    readonly run: Readonly<Record<string, (root: string) => void>>;
  },
): string {
  const root = join(parts.folder, name);
  if (existsSync(root)) return root;
  const stage = stages.find((one) => one.name === name);
  if (stage === undefined) throw new Error(`there is no stage "${name}"`);
  mkdirSync(root, { recursive: true });
  if (stages.some((one) => one.name === stage.from))
    cpSync(simulate(stages, stage.from, parts), root, { recursive: true, verbatimSymlinks: true });
  for (const copy of copiesOf(stage)) {
    const base = copy.from === undefined ? parts.context : simulate(stages, copy.from, parts);
    for (const source of copy.sources) place(base, source, copy, root, parts);
  }
  parts.run[name]?.(root);
  return root;
}

function place(
  base: string,
  source: string,
  { from, target }: Copy,
  root: string,
  { context, patterns }: { readonly context: string; readonly patterns: readonly string[] },
): void {
  const origin = join(base, source);
  const isFolder = statSync(origin).isDirectory();
  const place = target.startsWith('/') ? join(root, target) : join(root, 'app', target);
  if (basename(source) === 'node_modules') {
    linkPackages(origin, place);
    return;
  }
  // A folder's content goes into the target; a file goes into it when it ends in a slash.
  const goal = !isFolder && target.endsWith('/') ? join(place, basename(source)) : place;
  cpSync(origin, goal, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => from !== undefined || !ignored(patterns, path.slice(context.length + 1)),
  });
}

/** Thousands of files in the end: packages stay where they are installed, and are linked to. Links among them stay as they are. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const [origin, goal] = [join(from, name), join(to, name)];
    if (name.startsWith('@')) linkPackages(origin, goal);
    else symlinkSync(lstatSync(origin).isSymbolicLink() ? readlinkSync(origin) : origin, goal);
  }
}
