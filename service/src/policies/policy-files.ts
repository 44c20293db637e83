import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PolicyProblem } from './problem.js';

/** Bigger files are no policies. */
const MOST_BYTES = 1_000_000;
const MOST_FILES = 2_000;
const DEEPEST = 8;

/** A policy file as it was found. */
export interface PolicyFile {
  readonly path: string;
  readonly text: string;
}

export interface FoundFiles {
  readonly files: readonly PolicyFile[];
  readonly problems: readonly PolicyProblem[];
  /** The same for the same files with the same content. */
  readonly digest: string;
}

/**
 * Every `*.yaml`, `*.yml` and `*.json` in a folder and the folders in it, by path; symbolic links are followed, names that begin with a
 * dot are not (editors and mounted configuration keep theirs there). What cannot be read is a problem.
 */
export function findPolicyFiles(folder: string): FoundFiles {
  const files: PolicyFile[] = [];
  const problems: PolicyProblem[] = [];
  const visited = new Set<string>();
  const tell = (file: string, detail: string, remedy: string): void => {
    problems.push({ file, line: 1, column: 1, key: '', detail, remedy });
  };
  const attempt = (path: string, read: () => void): void => {
    try {
      read();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      tell(path, `can't be read (${code})`, 'check that it is there and its permissions');
    }
  };
  const walk = (path: string, depth: number): void => {
    const real = realpathSync(path);
    if (visited.has(real) || depth > DEEPEST) return;
    visited.add(real);
    for (const name of readdirSync(path)
      .filter((each) => !each.startsWith('.'))
      .sort())
      attempt(join(path, name), () => visit(join(path, name), depth));
  };
  const visit = (path: string, depth: number): void => {
    const about = statSync(path);
    if (about.isDirectory()) walk(path, depth + 1);
    else if (about.isFile() && /\.(ya?ml|json)$/.test(path)) take(path, about.size);
  };
  const take = (path: string, size: number): void => {
    if (size > MOST_BYTES) tell(path, 'is bigger than 1 MB', 'split it');
    else if (files.length >= MOST_FILES)
      tell(path, `is one of more than ${MOST_FILES} files`, 'use fewer folders');
    else files.push({ path, text: readFileSync(path, 'utf8') });
  };
  attempt(folder, () => {
    if (!statSync(folder).isDirectory())
      tell(folder, 'is no folder', 'name the folder that holds the policy files');
    else walk(folder, 0);
  });
  return { files, problems, digest: digestOf(files, problems) };
}

/** What a file is now: equal digests, equal content. */
export function digestOf(files: readonly PolicyFile[], problems: readonly PolicyProblem[]): string {
  return createHash('sha256')
    .update(JSON.stringify([files, problems]))
    .digest('hex');
}
