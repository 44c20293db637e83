import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const DIGITS = 16;

/**
 * Names the code that outcomes come from: the built science, its peers, and the rehearsal around it. Outcomes of two marks never
 * stand in one report.
 */
export function codeMark(): string {
  const models = join(dirname(createRequire(import.meta.url).resolve('@bellwether/models')), '..');
  const service = join(import.meta.dirname, '..', '..');
  const hash = createHash('sha256');
  for (const folder of [
    join(models, 'src'),
    join(models, 'bench'),
    join(service, 'src', 'app'),
    import.meta.dirname,
  ])
    for (const file of builtFiles(folder)) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, DIGITS);
}

function builtFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && !name.endsWith('.test.js'))
    .sort()
    .map((name) => join(folder, name));
}
