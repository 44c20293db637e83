/**
 * What a whole tick costs: 20 metrics with 7 days of minutes in the embedded store, a watch of 60 looks, the science on a worker
 * thread; each look reads its samples, is judged and committed with tick, watch and (when it changes) verdict and evidence. Then a second
 * engine takes the watches over, as after a restart or for the tail of a watch: their calibrations are on disk.
 *
 *   node --expose-gc service/dist/bench/tick.js [--watches 5] [--seed 1]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { createRandom } from '@bellwether/models';
import type { PolicyInput } from '../src/api/policy.js';
import { createWatchRunner } from '../src/app/evaluate/watch-runner.js';
import { createWorkerEngine } from '../src/engine/worker-engine.js';
import { createWorld, type World } from '../test/world.js';

const METRICS = 20;
const LOOKS = 60;
const INTERVAL_MS = 60_000;
const HISTORY = 7 * 1440;
/** Points of one series in a push, as a backfill would send them. */
const PUSH = 2_000;

const policy: Partial<PolicyInput> = {
  interval: '60s',
  watch: '60m',
  settle: '0s',
  history: '7d',
  mode: 'recommend',
  metrics: Array.from({ length: METRICS }, (_, k) => ({
    name: `latency ${k}`,
    kind: 'latency' as const,
    unit: 's',
    signal: {
      type: 'gauge' as const,
      series: { metric: `latency_${k}`, labels: { service: '{{service}}' } },
    },
  })),
};

async function fill(world: World, service: string, seed: number): Promise<void> {
  const random = createRandom(seed);
  const fromMs = world.nowMs() - HISTORY * INTERVAL_MS;
  for (let k = 0; k < METRICS; k++)
    for (let from = 0; from < HISTORY + LOOKS; from += PUSH) {
      const timesMs = Array.from(
        { length: Math.min(PUSH, HISTORY + LOOKS - from) },
        (_, i) => fromMs + (from + i) * INTERVAL_MS,
      );
      const values = timesMs.map(
        (t) => 0.1 * Math.exp(0.3 * Math.sin((t / 86_400_000) * 2 * Math.PI) + 0.1 * random.normal()),
      );
      await world.store.samples.append([
        { project: 'default', metric: `latency_${k}`, labels: { service }, type: 'gauge', timesMs, values },
      ]);
    }
}

function bytesHeld(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function line(name: string, timesMs: readonly number[]): string {
  const sorted = timesMs.toSorted((a, b) => a - b);
  const at = (p: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? NaN).toFixed(1);
  return `${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, largest ${at(1)} ms (n = ${sorted.length})`;
}

const { values: asked } = parseArgs({
  options: { watches: { type: 'string', default: '5' }, seed: { type: 'string', default: '1' } },
});
const [watches, seed] = [Number(asked.watches), Number(asked.seed)];
// Engine threads do not keep a process alive, and nothing else here does while one works.
const alive = setInterval(() => undefined, 1_000);
const cacheFolder = mkdtempSync(join(tmpdir(), 'bellwether-bench-'));
const openEngine = () =>
  createWorkerEngine(
    1,
    (error) => {
      throw error;
    },
    { cacheFolder },
  );
const engine = openEngine();
const world = await createWorld({ policy, engine });
for (let w = 0; w < watches; w++) await fill(world, `service-${w}`, seed + w);
console.log(
  `${watches} watches of ${METRICS} metrics, ${HISTORY} intervals of history, ${LOOKS} looks, seed ${seed}`,
);

const prepareMs: number[] = [];
const lookMs: number[] = [];
const delay = monitorEventLoopDelay({ resolution: 1 });
const runners = [];
const watched = [];
const heldBefore = bytesHeld();
delay.enable();
for (let w = 0; w < watches; w++) {
  const deployment = await world.start({ service: `service-${w}` });
  const [step] = await world.store.steps(deployment.id);
  const [watch] = await world.store.watches({ deploymentId: deployment.id });
  if (!step || !watch) throw new Error('nothing is watched');
  const runner = createWatchRunner(world.ctx, deployment, step, watch);
  const startedMs = performance.now();
  await runner.advance();
  prepareMs.push(performance.now() - startedMs);
  runners.push(runner);
  watched.push({ deployment, step, watchId: watch.id });
}
delay.disable();
console.log(line('prepare (snapshot, store, calibrate)', prepareMs));
console.log(`longest stall of the event loop while preparing: ${(delay.max / 1e6).toFixed(0)} ms`);
const heldPerMetric = (bytesHeld() - heldBefore) / watches / METRICS;
console.log(`memory held per watched metric on the main thread: ${(heldPerMetric / 1024).toFixed(1)} KiB`);
const second = openEngine();
const againMs: number[] = [];
for (const { deployment, step, watchId } of watched) {
  const watch = await world.store.watch(watchId);
  if (!watch) throw new Error('a watch is gone');
  const runner = createWatchRunner({ ...world.ctx, engine: second }, deployment, step, watch);
  const startedMs = performance.now();
  await runner.advance();
  againMs.push(performance.now() - startedMs);
}
console.log(line('prepare again (stored snapshot, kept calibration)', againMs));
await second.close();
delay.reset();
delay.enable();
for (const runner of runners)
  for (let look = 1; look <= LOOKS; look++) {
    const startedMs = performance.now();
    const result = await runner.advance();
    lookMs.push(performance.now() - startedMs);
    if (typeof result === 'object' && result.watch.state !== 'watching') break;
  }
delay.disable();
console.log(line('look (read, judge, commit)', lookMs));
console.log(`longest stall of the event loop while looking: ${(delay.max / 1e6).toFixed(0)} ms`);
await engine.close();
rmSync(cacheFolder, { recursive: true });
await world.store.close();
clearInterval(alive);
