import { createHash, randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Calibration, Snapshot, WindowScorer } from '@bellwether/models';

/** How a snapshot, and the learned scorer that it names, become a calibration: the same bits each time. */
export type Calibrate = (snapshot: Snapshot, scorer?: WindowScorer) => Calibration;

export interface CalibrationCache {
  /** Made when it is not there. */
  readonly folder: string;
  /** Files beyond it are removed, those that were not asked for longest first. */
  readonly mostBytes: number;
  /** What else a calibration depends on: the code, and what it runs on. */
  readonly build: string;
}

const DIGEST_BYTES = 32;

function digestOf(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Tells numbers from text, and −0 from 0. */
function numberText(value: number): string {
  return `number ${Object.is(value, -0) ? '-0' : value}`;
}

/** The same value for equal snapshots, in whatever order their fields were written and however their numbers lie in memory. */
function canonical(value: unknown): unknown {
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(canonical);
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => [key, canonical(each)]);
}

/** Gives each array of what was read memory of its own: they lie in the file's, which would be held whole beside copies of parts of it. */
function copyArrays(value: unknown, seen = new Set<object>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  for (const [key, each] of Object.entries(value)) {
    if (each instanceof Float64Array) Reflect.set(value, key, each.slice());
    else copyArrays(each, seen);
  }
}

/** Throws when the file is not there or is not what was written. */
function readCalibration(file: string): Calibration {
  const bytes = readFileSync(file);
  const content = bytes.subarray(DIGEST_BYTES);
  if (!digestOf(content).equals(bytes.subarray(0, DIGEST_BYTES))) throw new Error(`${file} is damaged`);
  const now = new Date();
  utimesSync(file, now, now);
  const calibration = deserialize(content) as Calibration;
  copyArrays(calibration);
  return calibration;
}

/** Under another name first: nobody reads half a file. */
function writeCalibration(folder: string, file: string, calibration: Calibration): void {
  const content = serialize(calibration);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = join(folder, `${randomUUID()}.unfinished`);
  writeFileSync(unfinished, Buffer.concat([digestOf(content), content]), { mode: 0o600 });
  renameSync(unfinished, file);
}

function removeOldest({ folder, mostBytes }: CalibrationCache): void {
  const files = readdirSync(folder).map((name) => {
    const file = join(folder, name);
    const { size, mtimeMs } = statSync(file);
    return { file, size, mtimeMs };
  });
  let kept = 0;
  for (const { file, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    kept += size;
    if (kept > mostBytes) rmSync(file, { force: true });
  }
}

/** What a cache cannot do is worked out anew: a full disk or a damaged file costs time and nothing else. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/**
 * Calibrates each snapshot once, also over restarts: the tail of a watch, a thread that took over and a service that was started again
 * ask for what has been worked out. A calibration is found by everything that it depends on, every bit of the snapshot and the build, so
 * it can be missing and never stale. Reads and writes files without giving way: for worker threads alone.
 *
 * @returns what `calibrate` returns, to the bit
 */
export function cachedCalibrate(cache: CalibrationCache, calibrate: Calibrate): Calibrate {
  return (snapshot, scorer) => {
    const snapshotBytes = serialize(canonical(snapshot));
    const key = digestOf(cache.build, '\0', scorer?.backend ?? '', '\0', snapshotBytes).toString('hex');
    const file = join(cache.folder, key);
    const known = attempt(() => readCalibration(file));
    if (known !== undefined) return known;
    const calibration = calibrate(snapshot, scorer);
    attempt(() => {
      writeCalibration(cache.folder, file, calibration);
      removeOldest(cache);
    });
    return calibration;
  };
}
