import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { arch, versions } from 'node:process';

/**
 * Tells builds apart: the code that a package runs, and what it runs on, whose logarithms may differ in the last digit.
 *
 * @param entry the package's own address, `import.meta.resolve(name)`; its folder is read with all below it
 * @example buildOf(import.meta.resolve('@bellwether/models'))
 */
export function buildOf(entry: string): string {
  const folder = new URL('.', entry);
  const hash = createHash('sha256').update(`${arch} ${versions.node} ${versions.v8}\n`);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /(?<!\.test)\.[jt]s$/u.test(name))
    .sort();
  for (const name of files) {
    const code = readFileSync(new URL(encodeURI(name), folder));
    hash.update(`${name} ${code.byteLength}\n`).update(code);
  }
  return hash.digest('hex');
}
