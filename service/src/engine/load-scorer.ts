import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SHIPPED_MODEL, type LearnedModelId, type WindowScorer } from '@bellwether/models';

/** How a model is found; undefined when it is not there, is damaged, or no backend runs it. */
export type LoadScorer = (id: LearnedModelId) => Promise<WindowScorer | undefined>;

/** Where the weights file of a tuned model lies. */
export function tunedFile(folder: string, { sha256 }: LearnedModelId): string {
  return join(folder, `${sha256}.bin`);
}

function shippedFile(): string {
  return createRequire(import.meta.url).resolve(
    `@bellwether/models/artifacts/${SHIPPED_MODEL.model}/weights.bin`,
  );
}

/**
 * The bytes of a model.
 *
 * @param folder of tuned models; without it there is the shipped one alone
 * @throws Error when they are not there, or not those that the id names
 */
export function readWeights(id: LearnedModelId, folder: string | undefined): Uint8Array {
  const isShipped = id.sha256 === SHIPPED_MODEL.sha256;
  if (!isShipped && folder === undefined) throw new Error(`${id.model}: no folder of tuned models is set`);
  const bytes = readFileSync(isShipped ? shippedFile() : tunedFile(folder ?? '', id));
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== id.sha256) throw new Error(`${id.model}: the file's SHA-256 is ${found}, not ${id.sha256}`);
  return bytes;
}

/** Loads each model once. The tensor library is loaded with the first, so that who never asks for one never pays for it. */
export function createScorerLoader(folder: string | undefined): LoadScorer {
  const loaded = new Map<string, Promise<WindowScorer | undefined>>();
  const load = async (id: LearnedModelId): Promise<WindowScorer> => {
    const { loadLearnedScorer } = await import('@bellwether/models/learned');
    return loadLearnedScorer(readWeights(id, folder));
  };
  return (id) => {
    const known = loaded.get(id.sha256);
    if (known !== undefined) return known;
    // A model that cannot be had is told in the calibration; a later watch asks again.
    const asked = load(id).catch(() => void loaded.delete(id.sha256));
    loaded.set(id.sha256, asked);
    return asked;
  };
}
