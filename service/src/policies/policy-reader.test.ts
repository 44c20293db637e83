import { describe, expect, it } from 'vitest';
import type { FoundFiles } from './policy-files.js';
import { createPolicyReader } from './policy-reader.js';
import { shippedTemplates } from './templates.js';

const FILES = 30;
const textOf = (alpha: number): string =>
  `alpha: ${alpha}\nmetrics: [{ name: m, kind: error, signal: { type: gauge, series: { metric: m } } }]\n`;
const folderOf = (alphaOf: (file: number) => number): FoundFiles => ({
  files: Array.from({ length: FILES }, (_, k) => ({ path: `p${k}.yaml`, text: textOf(alphaOf(k)) })),
  problems: [],
  digest: '',
});

/** Turns of the event loop that others get until the work is done. */
async function turnsDuring<T>(work: Promise<T>): Promise<{ readonly turns: number; readonly result: T }> {
  let turns = 0;
  let next = setImmediate(function turn() {
    turns += 1;
    next = setImmediate(turn);
  });
  const result = await work;
  clearImmediate(next);
  return { turns, result };
}

describe('a folder that is read again', () => {
  const before = folderOf(() => 0.02);
  const changed = folderOf((file) => (file === 3 ? 0.04 : 0.02));
  const reader = () => createPolicyReader({ templates: shippedTemplates(), known: undefined });

  it('gives others a turn between two files', async () => {
    const { turns, result } = await turnsDuring(reader().readGently(before));
    expect(result).toHaveLength(FILES);
    expect(turns).toBeGreaterThanOrEqual(FILES - 2);
  });

  it('is read only where it changed', async () => {
    const used = reader();
    const first = used.readNow(before);
    const { turns, result } = await turnsDuring(used.readGently(changed));
    expect(turns).toBeLessThan(FILES / 2);
    expect(result.flatMap((file, k) => (file.read === first[k]?.read ? [] : [k]))).toEqual([3]);
    expect(result[3]?.read.policies[0]?.policy.alpha).toBe(0.04);
    expect(used.readNow(before)[3]?.read.policies[0]?.policy.alpha).toBe(0.02);
  });
});
