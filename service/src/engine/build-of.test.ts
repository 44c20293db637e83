import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { buildOf } from './build-of.js';

const folder = mkdtempSync(join(tmpdir(), 'bellwether build '));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('tells code apart wherever it lies, and nothing else', () => {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return buildOf(pathToFileURL(join(folder, 'index.js')).href);
  };
  mkdirSync(join(folder, 'some part'));
  const first = write('index.js', 'export {};');
  expect(write('index.d.ts.map', '{}')).toBe(first);
  expect(write('index.test.js', 'it();')).toBe(first);
  const second = write('some part/half.js', 'export const half = 0.5;');
  const third = write('some part/half.js', 'export const half = 0.4;');
  expect(new Set([first, second, third]).size).toBe(3);
  expect(write('some part/half.js', 'export const half = 0.5;')).toBe(second);
});
