/**
 * Speed and size of the embedded store: `node service/dist/bench/store.js [directory]`. Prints one line a figure.
 * The directory should lie on the disk that the service will use: every write waits for it.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { brotliCompressSync, constants, deflateSync } from 'node:zlib';
import type { SampleBatch } from '../src/domain/sample.js';
import type { Store } from '../src/store/port.js';
import { encodeChunk } from '../src/store/sql/samples/chunk-codec.js';
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.js';

const startMs = Date.UTC(2026, 0, 5);
const minuteMs = 60_000;

/** Linear congruential generator (Numerical Recipes), so that every run measures the same data. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const random = generator(1);
const normal = (): number => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());

function print(what: string, figure: string): void {
  console.log(`${what.padEnd(64)} ${figure}`);
}

function seriesBatch(index: number, times: readonly number[], value: (at: number) => number): SampleBatch {
  const labels = { service: `s${index % 20}`, instance: `i${index}` };
  return {
    project: 'shop',
    metric: `m${index % 50}`,
    labels,
    type: 'gauge',
    timesMs: times,
    values: times.map(value),
  };
}

/** One sample of each of 1,000 series at a time, like a scrape. */
async function scrapeLike(store: Store, pushes: number): Promise<void> {
  const latencies: number[] = [];
  const cpu = { user: 0, system: 0 };
  for (let push = 0; push < pushes; push += 1) {
    const times = [startMs + push * 10_000];
    const batches = Array.from({ length: 1_000 }, (_, index) =>
      seriesBatch(index, times, () => 0.2 + 0.02 * normal()),
    );
    const cpuBefore = process.cpuUsage();
    const before = performance.now();
    await store.samples.append(batches);
    latencies.push(performance.now() - before);
    const spent = process.cpuUsage(cpuBefore);
    cpu.user += spent.user;
    cpu.system += spent.system;
  }
  const seconds = latencies.reduce((sum, latency) => sum + latency, 0) / 1_000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): string =>
    (latencies[Math.floor(share * (latencies.length - 1))] ?? 0).toFixed(1);
  print('append, 1,000 series x 1 sample', `${Math.round((pushes * 1_000) / seconds)} samples/s`);
  print(
    '  processor time (of one core)',
    `${((cpu.user + cpu.system) / (pushes * 1_000)).toFixed(1)} us/sample`,
  );
  print('  latency of one push', `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`);
}

/** Seven days of minutes for 20 series, in pushes of 1,000 samples. */
async function backfill(store: Store): Promise<void> {
  const perPush = 1_000;
  let samples = 0;
  const began = performance.now();
  for (let series = 0; series < 20; series += 1) {
    for (let from = 0; from < 7 * 1_440; from += perPush) {
      const count = Math.min(perPush, 7 * 1_440 - from);
      const times = Array.from({ length: count }, (_, index) => startMs + (from + index) * minuteMs);
      const batch = seriesBatch(series, times, () => Math.round(200 + 20 * normal()) / 1_000);
      await store.samples.append([{ ...batch, metric: 'history' }]);
      samples += count;
    }
  }
  const seconds = (performance.now() - began) / 1_000;
  print('append, 1 series x 1,000 samples', `${Math.round(samples / seconds)} samples/s`);
}

async function readBack(store: Store, what: string): Promise<void> {
  const before = performance.now();
  const found = await store.samples.read({
    project: 'shop',
    metric: 'history',
    labels: {},
    fromMs: startMs,
    toMs: startMs + 7 * 1_440 * minuteMs,
  });
  const points = found.reduce((sum, series) => sum + series.timesMs.length, 0);
  print(what, `${(performance.now() - before).toFixed(0)} ms (${found.length} series, ${points} points)`);
}

function chunkSizes(): void {
  const times = Float64Array.from({ length: 1_024 }, (_, index) => startMs + index * minuteMs);
  let requests = 0;
  const kinds: Readonly<Record<string, () => number>> = {
    'request counter': () => (requests += Math.round(1_000 + 30 * normal())),
    'milliseconds as decimal seconds': () => Math.round(200 + 20 * normal()) / 1_000,
    'whole percent': () => Math.round(50 + 10 * normal()),
    'full-precision noise': () => 0.2 * Math.exp(0.1 * normal()),
    constant: () => 42,
  };
  for (const [kind, value] of Object.entries(kinds)) {
    const points = { timesMs: times, values: times.map(value) };
    const before = performance.now();
    let bytes = 0;
    for (let round = 0; round < 50; round += 1) bytes = encodeChunk(points).length;
    const microseconds = ((performance.now() - before) / 50) * 1_000;
    print(
      `chunk of 1,024: ${kind}`,
      `${(bytes / 1_024).toFixed(2)} bytes/sample, ${microseconds.toFixed(0)} us`,
    );
  }
}

/** Which compression for evidence: JSON of 20 metrics with 600 points each, three arrays. */
function evidenceSizes(): void {
  const array = (): readonly number[] => Array.from({ length: 600 }, () => 0.2 + 0.02 * normal());
  const plots = Array.from({ length: 20 }, (_, index) => ({
    name: `m${index}`,
    live: array(),
    low: array(),
    high: array(),
  }));
  const json = Buffer.from(JSON.stringify(plots));
  const quality = (value: number) => ({ params: { [constants.BROTLI_PARAM_QUALITY]: value } });
  const ways: Readonly<Record<string, () => Buffer>> = {
    'deflate 1': () => deflateSync(json, { level: 1 }),
    'deflate 6': () => deflateSync(json, { level: 6 }),
    'brotli 1': () => brotliCompressSync(json, quality(1)),
    'brotli 4': () => brotliCompressSync(json, quality(4)),
    'brotli 5': () => brotliCompressSync(json, quality(5)),
    'brotli 9': () => brotliCompressSync(json, quality(9)),
  };
  for (const [way, compress] of Object.entries(ways)) {
    const before = performance.now();
    const ratio = json.length / compress().length;
    print(
      `evidence of ${Math.round(json.length / 1_000)} kB: ${way}`,
      `1/${ratio.toFixed(2)}, ${(performance.now() - before).toFixed(0)} ms`,
    );
  }
}

async function auditSpeed(store: Store): Promise<void> {
  const began = performance.now();
  for (let batch = 0; batch < 100; batch += 1) {
    await store.transaction(async (tx) => {
      for (let index = 0; index < 20; index += 1) {
        const entry = {
          atMs: startMs,
          project: 'shop',
          actor: 'p',
          authentication: 'system',
          action: 'bench',
          detail: { batch },
        };
        await tx.appendAudit(entry);
      }
    });
  }
  print(
    'audit, 20 entries a transaction',
    `${Math.round(2_000 / ((performance.now() - began) / 1_000))} entries/s`,
  );
  const before = performance.now();
  const result = await store.verifyAudit();
  print(
    'audit verification of 2,000 entries',
    `${(performance.now() - before).toFixed(0)} ms, ok ${result.ok}`,
  );
}

async function pruneStall(store: Store): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = performance.now();
  const year = 365 * 86_400_000;
  const removed = await store.prune(startMs + year, {
    samplesMs: year / 2,
    ticksMs: 1,
    evidenceMs: 1,
    auditMs: 1,
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  print(`prune everything ${JSON.stringify(removed)}`, `${(performance.now() - before).toFixed(0)} ms`);
  print('  longest stall of the event loop', `${(delay.max / 1e6).toFixed(0)} ms`);
}

const directory = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'bellwether-bench-'));
try {
  const file = join(directory, 'bench.db');
  chunkSizes();
  evidenceSizes();
  let store = await openSqliteStore({ file, clock: Date.now });
  await backfill(store);
  await readBack(store, 'read 20 series x 7 days at 60 s');
  await scrapeLike(store, 400);
  await auditSpeed(store);
  const before = performance.now();
  await store.close();
  store = await openSqliteStore({ file, clock: Date.now });
  print('close and open again (with a log to replay)', `${(performance.now() - before).toFixed(0)} ms`);
  await readBack(store, 'read 20 series x 7 days at 60 s, after a restart');
  print('size of the database', `${(statSync(file).size / 1e6).toFixed(1)} MB`);
  await pruneStall(store);
  await store.close();
} finally {
  rmSync(directory, { recursive: true });
}
