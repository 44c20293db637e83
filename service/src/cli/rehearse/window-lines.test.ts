import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { windowLines } from './window-lines.js';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-lines-'));

async function linesOf(content: Buffer | string, mostBytes?: number) {
  const file = join(folder, 'lines');
  writeFileSync(file, content);
  let bytes = 0;
  const lines = [];
  for await (const line of windowLines(file, (count) => (bytes += count), mostBytes)) lines.push(line);
  return { lines, bytes };
}

describe('lines of a file', () => {
  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['gzip', (text: string) => gzipSync(text)],
  ])('come one by one, %s, across the pieces in which a file is read', async (_kind, encode) => {
    const text = ['a', '', 'ü'.repeat(300_000), 'end'].join('\n');
    const content = encode(text);
    const { lines, bytes } = await linesOf(content);
    expect(lines.map((line) => line.text)).toEqual(text.split('\n'));
    expect(lines.map(({ number, isWhole }) => [number, isWhole])).toEqual([
      [1, true],
      [2, true],
      [3, true],
      [4, false],
    ]);
    expect(lines.reduce((sum, line) => sum + line.bytes, 0)).toBe(Buffer.byteLength(text));
    expect(bytes).toBe(content.length);
  });

  it('of an empty file are none', async () => {
    expect((await linesOf('')).lines).toEqual([]);
  });

  it('that are too long are passed over', async () => {
    const { lines } = await linesOf(`a\n${'b'.repeat(100)}\nc\n`, 50);
    expect(lines.map(({ text, isTooLong }) => [text, isTooLong])).toEqual([
      ['a', false],
      ['', true],
      ['c', false],
    ]);
  });

  it('come as far as a broken archive goes', async () => {
    const whole = gzipSync(`${'x'.repeat(20)}\n`.repeat(50_000), { level: 0 });
    const file = join(folder, 'broken');
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    let count = 0;
    await expect(
      (async () => {
        for await (const line of windowLines(file, () => undefined)) count += line.isWhole ? 1 : 0;
      })(),
    ).rejects.toThrow('unexpected end of file');
    expect(count).toBeGreaterThan(1_000);
  });
});
