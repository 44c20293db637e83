import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LearnedModelId, TuningOutcome } from '@bellwether/models';
import { tunedFile } from './load-scorer.js';
import type { TuningRequest } from './messages.js';
import type { LearnedModels } from './port.js';

type InUse = Readonly<Record<string, LearnedModelId>>;

/** A minute or so on one core. */
const TUNING_LIMIT_MS = 30 * 60_000;

function tuneInWorker(workerFile: URL, request: TuningRequest): Promise<TuningOutcome> {
  const worker = new Worker(workerFile, { execArgv: [] });
  const limit = setTimeout(() => void worker.terminate(), TUNING_LIMIT_MS).unref();
  return new Promise<TuningOutcome>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`the tuning thread ended with code ${code} and said nothing`));
    });
    worker.postMessage(request);
  }).finally(() => {
    clearTimeout(limit);
    void worker.terminate();
  });
}

/** Under another name first: nobody reads half a file. */
function replaceFile(file: string, content: string | Uint8Array): void {
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * Tuned models in a folder: `<sha256>.bin` each, never removed, so that what was judged with one can be judged again; and `in-use.json`,
 * which says who asks which.
 *
 * @throws Error when `in-use.json` is there and cannot be read
 */
export function openModelFolder(
  folder: string,
  workerFile = new URL('./tuning-worker.js', import.meta.url),
): LearnedModels {
  const file = join(folder, 'in-use.json');
  let inUse: InUse = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as InUse) : {};
  const write = (next: InUse): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    replaceFile(file, JSON.stringify(next, undefined, 2));
    inUse = next;
  };
  return {
    inUse: (place) => (Object.hasOwn(inUse, place) ? inUse[place] : undefined),
    tune: (snapshot, name, seed) => tuneInWorker(workerFile, { snapshot, name, seed }),
    use(place, model, weights) {
      const id = { model, sha256: createHash('sha256').update(weights).digest('hex') };
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      replaceFile(tunedFile(folder, id), weights);
      write({ ...inUse, [place]: id });
      return id;
    },
    useShipped(place) {
      write(Object.fromEntries(Object.entries(inUse).filter(([key]) => key !== place)));
    },
  };
}
