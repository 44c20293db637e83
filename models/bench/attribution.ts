/**
 * How often attribution names the deployment that harms, against two simple rules: the latest deployment before the onset, and the service
 * that moved most. Simulated fleets; every figure with its standard error.
 *
 *   node models/dist/bench/attribution.js [--fleets 400] [--seed 1]
 */
import { parseArgs } from 'node:util';
import { attribute, type AttributionInput } from '../src/index.js';
import { drawFleet, type Fleet, type FleetPlan } from './synthetic-fleet.js';

/** Another explanation that has this share, and this many times the deployment's own, speaks clearly against it. */
const CLEAR_SHARE = 0.6;
const CLEAR_FACTOR = 2;

interface Outcome {
  readonly ours: boolean;
  readonly latest: boolean;
  readonly largest: boolean;
  /** Whether the judged deployment is at fault. */
  readonly isOwn: boolean;
  readonly other: boolean;
  readonly before: boolean;
  readonly common: boolean;
  readonly covered: boolean;
}

function outcomeOf({ input, culprit, onset }: Fleet): Outcome {
  const found = attribute(input);
  const [best] = found.candidates;
  const own = found.candidates.find(({ deployment }) => deployment === input.deployment.id)?.share ?? 0;
  const isOther =
    best !== undefined && best.deployment !== undefined && best.deployment !== input.deployment.id;
  return {
    ours: best?.deployment === culprit,
    latest: latestBefore(input, found.onset?.at ?? 0) === culprit,
    largest: largestMovement(input) === culprit,
    isOwn: culprit === input.deployment.id,
    other: isOther && best.share >= CLEAR_SHARE && best.share >= CLEAR_FACTOR * own,
    before: found.onset?.beforeDeployment === true,
    common: found.commonCause.likely,
    covered: found.onset !== undefined && found.onset.from <= onset && onset <= found.onset.to,
  };
}

function latestBefore(
  { deployment, rivals, startMs, intervalMs }: AttributionInput,
  onset: number,
): string | undefined {
  const endMs = startMs + (onset + 1) * intervalMs;
  return [deployment, ...rivals]
    .filter(({ beganAtMs }) => (beganAtMs[0] ?? Infinity) < endMs)
    .sort((a, b) => (b.beganAtMs[0] ?? 0) - (a.beganAtMs[0] ?? 0))[0]?.id;
}

/** Of the deployments' services: mean since their deployment against the hour before, in standard deviations of that hour. */
function largestMovement({ deployment, rivals, metrics, neighbours, startMs, intervalMs }: AttributionInput) {
  const score = ({ service, beganAtMs }: AttributionInput['deployment']): number => {
    const series = neighbours.find((one) => one.service === service) ?? metrics[0];
    const logs = (series?.values ?? []).map((value) => Math.log(value ?? NaN));
    const change = Math.ceil(((beganAtMs[0] ?? 0) - startMs) / intervalMs);
    const before = logs.slice(Math.max(0, change - 60), change);
    const after = logs.slice(change);
    const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
    const spread = Math.sqrt(mean(before.map((x) => (x - mean(before)) ** 2)));
    return (mean(after) - mean(before)) / spread;
  };
  return [deployment, ...rivals].sort((a, b) => score(b) - score(a))[0]?.id;
}

function share(outcomes: readonly Outcome[], hit: (one: Outcome) => boolean): string {
  const rate = outcomes.filter(hit).length / outcomes.length;
  const error = Math.sqrt((rate * (1 - rate)) / outcomes.length);
  return outcomes.length === 0 ? '–' : `${(100 * rate).toFixed(1)} ± ${(100 * error).toFixed(1)}`;
}

function plans(): readonly FleetPlan[] {
  const base = {
    services: 8,
    deployments: 4,
    phi: 0.5,
    shift: 0.4,
    declared: 0.5,
    cause: 'deployment',
  } as const;
  return [
    { ...base, deployments: 1 },
    ...[2, 3, 4, 6].map((deployments) => ({ ...base, deployments })),
    { ...base, declared: 0 },
    { ...base, declared: 1 },
    { ...base, phi: 0.8 },
    { ...base, shift: 0.2 },
    { ...base, cause: 'before' },
    { ...base, cause: 'before', deployments: 1, phi: 0.8 },
    { ...base, cause: 'common' },
    { ...base, cause: 'common', declared: 0 },
  ];
}

const { values } = parseArgs({
  options: { fleets: { type: 'string', default: '400' }, seed: { type: 'string', default: '1' } },
});
const fleets = Number(values.fleets);
const startedMs = performance.now();
console.log(
  '| cause | deployments | declared | AR | shift | named first, % | latest, % | largest z, % | its own fault: held by another / before / common, % | other’s fault: clearly said, % | said to begin before, % | common cause, % | onset covered, % |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|---|');
plans().forEach((plan, index) => {
  const outcomes = Array.from({ length: fleets }, (_, i) =>
    outcomeOf(drawFleet(plan, Number(values.seed) * 1_000_000 + index * 10_000 + i)),
  );
  const own = outcomes.filter(({ isOwn }) => isOwn);
  const others = outcomes.filter(({ isOwn }) => !isOwn);
  const isNamed = plan.cause === 'deployment';
  console.log(
    `| ${plan.cause} | ${plan.deployments} | ${plan.declared} | ${plan.phi} | ${plan.shift} | ${[
      share(outcomes, ({ ours }) => ours),
      isNamed ? share(outcomes, ({ latest }) => latest) : '–',
      isNamed ? share(outcomes, ({ largest }) => largest) : '–',
      isNamed
        ? [
            share(own, (one) => one.other),
            share(own, (one) => one.before),
            share(own, (one) => one.common),
          ].join(' / ')
        : '–',
      isNamed ? share(others, (one) => one.other) : '–',
      share(outcomes, ({ before }) => before),
      share(outcomes, ({ common }) => common),
      share(outcomes, ({ covered }) => covered),
    ].join(' | ')} |`,
  );
});
console.log(
  `\n${fleets} fleets a line, seed ${values.seed}, ${((performance.now() - startedMs) / (fleets * plans().length)).toFixed(1)} ms each.`,
);
