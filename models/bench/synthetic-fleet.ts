import {
  createRandom,
  type AttributionInput,
  type CandidateDeployment,
  type NeighbourMetric,
} from '../src/index.js';

/** What is simulated; times in intervals of a minute. */
export interface FleetPlan {
  readonly services: number;
  /** Deployments of the time, all of different services. */
  readonly deployments: number;
  /** Autoregression of the noise at lag 1. */
  readonly phi: number;
  /** Size of the harm, log units. */
  readonly shift: number;
  /** Share of services that declare whom they call. */
  readonly declared: number;
  /** `deployment`: one of them harms; `before`: something of the judged service alone, 4–15 intervals ahead; `common`: everything moves. */
  readonly cause: 'deployment' | 'before' | 'common';
}

/** A drawn fleet and what is true of it. */
export interface Fleet {
  readonly input: AttributionInput;
  /** Id of the deployment that harms, where one does. */
  readonly culprit: string | undefined;
  /** Index at which the judged service's shift begins. */
  readonly onset: number;
}

const INTERVAL_MS = 60_000;
/** Past and watch. */
const PAST = 300;
const LIVE = 30;
const COUNT = PAST + LIVE;
/** Harm is found so many intervals after it began. */
const EARLIEST_LOOK = 5;
const LATEST_LOOK = 15;
/** Standard deviation of the noise, log units: from the quietest to the loudest service. */
const QUIETEST = 0.05;
const LOUDEST = 0.2;
/** Amplitude of the daily wave, log units. */
const SEASON = 0.3;
/** Deployments of the time lie at most this far from the judged one. */
const AROUND = 15;
/** Chance that harm reaches a caller, and the least and largest share of it that does. */
const REACHES = 0.6;
const CARRIED_LEAST = 0.3;
const CARRIED_MOST = 1.2;

/** Draws a fleet as the watch of one deployment sees it when harm was found there. */
export function drawFleet(plan: FleetPlan, seed: number): Fleet {
  const random = createRandom(seed);
  const names = Array.from({ length: plan.services }, (_, i) => `s${i}`);
  // Each service calls one or two of those after it, so that there is no circle.
  const calls = names.map((_, i) =>
    i === names.length - 1 ? [] : [1, 2].map(() => i + 1 + random.integer(names.length - i - 1)),
  );
  const deployed = shuffled(
    names.map((_, i) => i),
    random.integer,
  ).slice(0, plan.deployments);
  const culprit = deployed[0] ?? 0;
  const delay = Math.floor(Math.exp(0.9 * random.normal()));
  const began = deployed.map(() => PAST - AROUND + random.uniform() * 2 * AROUND);
  const hit = new Map<number, number>();
  if (plan.cause === 'deployment') spread(culprit, 1, calls, hit, random.uniform);
  const judged =
    plan.cause === 'deployment'
      ? (pick(
          [...hit.keys()].filter((i) => deployed.includes(i)),
          random.integer,
        ) ?? culprit)
      : culprit;
  const change = Math.min(PAST, Math.round(began[deployed.indexOf(judged)] ?? PAST));
  const culpritBegan = began[deployed.indexOf(culprit)] ?? PAST;
  const onset =
    plan.cause === 'before'
      ? change - 4 - random.integer(12)
      : plan.cause === 'common'
        ? change + random.integer(6)
        : Math.min(COUNT - 8, Math.ceil(culpritBegan) + delay);
  if (plan.cause === 'before') hit.set(judged, 1);
  if (plan.cause === 'common')
    names.forEach((_, i) => hit.set(i, i === judged || random.uniform() < 0.85 ? 1 : 0));
  const count = Math.min(COUNT, Math.max(change, onset) + EARLIEST_LOOK + random.integer(LATEST_LOOK));
  const line = (service: number): number[] => {
    const phase = random.uniform() * 2 * Math.PI;
    const noise = QUIETEST * (LOUDEST / QUIETEST) ** random.uniform();
    const lag = service === judged || plan.cause !== 'deployment' ? 0 : random.integer(2);
    let state = random.normal();
    return Array.from({ length: count }, (_, k) => {
      state = plan.phi * state + Math.sqrt(1 - plan.phi ** 2) * random.normal();
      const wave = SEASON * Math.sin((2 * Math.PI * k) / 1440 + phase);
      const harm = k >= onset + (service === culprit ? 0 : lag) ? plan.shift * (hit.get(service) ?? 0) : 0;
      return 100 * Math.exp(noise * state + wave + harm);
    });
  };
  const candidates = deployed.map((service, i): CandidateDeployment => ({
    id: `d${service}`,
    service: names[service] ?? '',
    version: '2',
    beganAtMs: [(service === judged ? change : (began[i] ?? 0)) * INTERVAL_MS],
    prior: 0.1,
  }));
  const deployment = candidates[deployed.indexOf(judged)];
  if (deployment === undefined) throw new Error('nothing is judged');
  const neighbours = names.flatMap((service, i): NeighbourMetric[] =>
    i === judged ? [] : [{ service, name: 'latency', kind: 'latency', direction: 'up', values: line(i) }],
  );
  return {
    culprit: plan.cause === 'deployment' ? `d${culprit}` : undefined,
    onset,
    input: {
      intervalMs: INTERVAL_MS,
      startMs: 0,
      count,
      deployment,
      rivals: candidates.filter((one) => one !== deployment),
      dependencies: names.flatMap((service, i) =>
        random.uniform() < plan.declared
          ? [{ service, on: (calls[i] ?? []).map((k) => names[k] ?? '') }]
          : [],
      ),
      metrics: [{ name: 'latency', kind: 'latency', direction: 'up', weight: 1, values: line(judged) }],
      neighbours,
      armsDiffer: false,
    },
  };
}

/** Harm goes up from a service to those that call it, mostly weaker. */
function spread(
  service: number,
  size: number,
  calls: readonly (readonly number[])[],
  hit: Map<number, number>,
  uniform: () => number,
): void {
  hit.set(service, size);
  const carried = (): number => size * (CARRIED_LEAST + (CARRIED_MOST - CARRIED_LEAST) * uniform());
  calls.forEach((callees, caller) => {
    if (callees.includes(service) && !hit.has(caller) && uniform() < REACHES)
      spread(caller, carried(), calls, hit, uniform);
  });
}

function pick<T>(items: readonly T[], integer: (below: number) => number): T | undefined {
  return items.length === 0 ? undefined : items[integer(items.length)];
}

function shuffled<T>(items: readonly T[], integer: (below: number) => number): readonly T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = integer(i + 1);
    const [a, b] = [out[i], out[j]];
    if (a !== undefined && b !== undefined) [out[i], out[j]] = [b, a];
  }
  return out;
}
