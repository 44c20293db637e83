/**
 * What a whole tick costs: 20 metrics with 7 days of minutes in the embedded store, a watch of 60 looks, the science on a worker
 * thread; each look reads its samples, is judged and committed with tick, watch and (when it changes) verdict and evidence.
 *
 *   node --expose-gc service/dist/bench/tick.js [--watches 5]
 */
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

async function fill(world: World, service: string): Promise<void> {
  const random = createRandom(3);
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

const watches = Number(parseArgs({ options: { watches: { type: 'string', default: '5' } } }).values.watches);
// Engine threads do not keep a process alive, and nothing else here does while one works.
const alive = setInterval(() => undefined, 1_000);
const engine = createWorkerEngine(1, (error) => {
  throw error;
});
const world = await createWorld({ policy, engine });
for (let w = 0; w < watches; w++) await fill(world, `service-${w}`);
console.log(`${watches} watches of ${METRICS} metrics, ${HISTORY} intervals of history, ${LOOKS} looks`);

const prepareMs: number[] = [];
const lookMs: number[] = [];
const delay = monitorEventLoopDelay({ resolution: 1 });
const runners = [];
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
}
delay.disable();
console.log(line('prepare (snapshot, store, calibrate)', prepareMs));
console.log(`longest stall of the event loop while preparing: ${(delay.max / 1e6).toFixed(0)} ms`);
console.log(
  `memory held per watch on the main thread: ${((bytesHeld() - heldBefore) / watches / 1024).toFixed(0)} KiB`,
);
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
await world.store.close();
clearInterval(alive);
