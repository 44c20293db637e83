import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHIPPED_MODEL } from '@bellwether/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScorerLoader, readWeights, tunedFile } from './load-scorer.js';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bellwether-models-'))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the models of the learned scorer', () => {
  it('hold the one that ships, loaded once', async () => {
    const load = createScorerLoader(undefined);
    const scorer = await load(SHIPPED_MODEL);
    expect(scorer?.model).toBe(SHIPPED_MODEL.model);
    expect(['tensorflow', 'wasm', 'cpu']).toContain(scorer?.backend);
    expect(await load({ ...SHIPPED_MODEL })).toBe(scorer);
  });

  it('hold tuned ones by the SHA-256 of their file, and none that is damaged or gone', async () => {
    const bytes = readWeights(SHIPPED_MODEL, folder);
    const longer = Buffer.concat([bytes, Buffer.of(0)]);
    const id = { model: 'tuned/1', sha256: createHash('sha256').update(longer).digest('hex') };
    expect(() => readWeights(id, undefined)).toThrow('tuned/1: no folder of tuned models is set');
    expect(() => readWeights(id, folder)).toThrow('ENOENT');
    writeFileSync(tunedFile(folder, id), bytes);
    expect(() => readWeights(id, folder)).toThrow(`not ${id.sha256}`);
    const load = createScorerLoader(folder);
    expect(await load(id)).toBeUndefined();
    writeFileSync(tunedFile(folder, id), longer);
    expect(readWeights(id, folder)).toEqual(longer);
    // What is no model is not loaded, and the next watch asks again.
    expect(await load(id)).toBeUndefined();
  });
});
