import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DIGITS = 16;
/** Parts of the science that a simulated verdict does not run through; work on them makes no result stale. */
const APART = /^(explanation|attribution)\//;
/** Parts of this folder that draw or judge. */
const JUDGING =
  /^(judge-trial|noise-shape|proportions-test|synthetic-(arms|harm|service)|watch-deployment|peers\/.*)\.js$/;

/** Names the built code that simulated results come from: the science, and what draws and judges. */
export function codeMark(): string {
  const hash = createHash('sha256');
  for (const file of [
    ...builtFiles(join(import.meta.dirname, '..', 'src'), (name) => !APART.test(name)),
    ...builtFiles(import.meta.dirname, (name) => JUDGING.test(name)),
  ])
    hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, DIGITS);
}

function builtFiles(folder: string, isWanted: (name: string) => boolean): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && !name.endsWith('.test.js') && isWanted(name))
    .sort()
    .map((name) => join(folder, name));
}
