import { createRandom } from '@bellwether/models';
import type { PolicyInput } from '../src/api/policy.js';
import { createWatchRunner } from '../src/app/evaluate/watch-runner.js';
import type { Deployment } from '../src/domain/deployment.js';
import type { Verdict } from '../src/domain/verdict.js';
import { createInlineEngine } from '../src/engine/inline-engine.js';
import { createWorld, type World } from './world.js';

export const MINUTE_MS = 60_000;
export const LOOKS = 15;
const HISTORY = 1440;

/** One latency a service, judged each minute for a quarter of an hour, against a day. */
export const fleetPolicy: Partial<PolicyInput> = {
  interval: '60s',
  watch: '15m',
  settle: '0s',
  history: '1d',
  alpha: 0.05,
  metrics: [
    {
      name: 'latency',
      kind: 'latency',
      unit: 's',
      signal: { type: 'gauge', series: { metric: 'latency', labels: { service: '{{service}}' } } },
    },
  ],
};

/** When a service became slower, in ms since the epoch, and by how much. */
export interface Slowdown {
  readonly atMs: number;
  readonly share: number;
}

/** A day and a watch of one service's latency, one sample a minute. */
export function latencySamples(service: string, nowMs: number, seed: number, slower?: Slowdown) {
  const random = createRandom(seed);
  const timesMs = Array.from({ length: HISTORY + 2 * LOOKS }, (_, i) => nowMs + (i - HISTORY) * MINUTE_MS);
  const values = timesMs.map((tMs) => {
    const factor = slower !== undefined && tMs >= slower.atMs ? 1 + slower.share : 1;
    return Number((factor * 0.1 * Math.exp(0.05 * random.normal())).toPrecision(6));
  });
  return {
    project: 'default',
    metric: 'latency',
    labels: { service },
    type: 'gauge' as const,
    timesMs,
    values,
  };
}

/** A world with real science in which these services were slow when they say. */
export async function createFleet(
  slow: Readonly<Record<string, Slowdown | undefined>>,
  startMs: number,
): Promise<World> {
  const world = await createWorld({ policy: fleetPolicy, engine: createInlineEngine() });
  world.wait(startMs - world.nowMs());
  await world.store.samples.append(
    Object.entries(slow).map(([service, slower], i) => latencySamples(service, startMs, 31 + i, slower)),
  );
  return world;
}

/** Takes every look of a deployment until its watch ends. @returns its verdict */
export async function watchToTheEnd(world: World, deployment: Deployment): Promise<Verdict | undefined> {
  const [step] = await world.store.steps(deployment.id);
  const [watch] = await world.store.watches({ deploymentId: deployment.id, state: 'watching' });
  if (step === undefined || watch === undefined) throw new Error('nothing is watched');
  const runner = createWatchRunner(world.ctx, deployment, step, watch);
  for (let taken = 0; taken <= watch.plannedLooks; taken++) {
    world.wait(Math.max(0, runner.dueAtMs() - world.nowMs()));
    const result = await runner.advance();
    if (typeof result === 'object' && result.watch.state !== 'watching') break;
  }
  return world.store.latestVerdict(deployment.id);
}
