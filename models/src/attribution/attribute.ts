import type {
  Attribution,
  AttributionInput,
  CommonCause,
  Contrast,
  ShiftedMetric,
} from './attribution-contract.js';
import { attributionSentence } from './attribution-sentence.js';
import { commonCause, type ServiceMovement } from './common-cause.js';
import { differenceInDifferences } from './difference-in-differences.js';
import { estimateOnset, type OnsetEstimate, type OnsetSeries } from './estimate-onset.js';
import { judgeMovement, type Stretches } from './movement.js';
import { numbersOf, commonScale, oriented } from './oriented-series.js';
import { rankCauses } from './rank-causes.js';
import { serviceGraph, type ServiceGraph } from './service-graph.js';
import { shiftSeries } from './shift-series.js';

/** Samples and clocks may be off by this many intervals, and at least by this long, before a shift counts as older than the deployment. */
const SLACK_INTERVALS = 2;
const SLACK_MS = 15_000;
/** Stretches that movements are read from, in intervals. */
const SHORTEST_STRETCH = 2;
const LONGEST_STRETCH = 30;
/** The stretch before is so many times as long as the one after, and at least so long, for its mean to add little noise. */
const BEFORE_FACTOR = 2;
const SHORTEST_BEFORE = 10;
/** A shift is looked for at least so many intervals before the deployment. */
const SHORTEST_LEAD = 60;
/** Past moments lie this share of a stretch apart. */
const MOMENT_STEP = 0.25;

interface Neighbour {
  readonly service: string;
  readonly kind: string;
  readonly isTwoSided: boolean;
  readonly values: Float64Array;
}

/** Where movements are read: now, and at past moments at which nothing is known to have happened. */
interface Moments {
  readonly stretches: Stretches;
  readonly now: number;
  readonly past: readonly number[];
}

/**
 * Whose doing a shift is: when it began, whether others moved with it, and how the deployments of the time share the blame.
 * Pure: the same input gives the same bits.
 *
 * @throws RangeError when the grid is empty or a candidate never began
 */
export function attribute(input: AttributionInput): Attribution {
  const { deployment, rivals, intervalMs, startMs, count } = input;
  if (!(count >= 1 && intervalMs > 0))
    throw new RangeError('attribution needs a grid of at least one interval');
  if ([deployment, ...rivals].some(({ beganAtMs }) => beganAtMs.length === 0))
    throw new RangeError('every candidate needs the instant at which it began');
  const began = ((deployment.beganAtMs[0] ?? NaN) - startMs) / intervalMs;
  const change = Math.min(count, Math.max(0, Math.round(began)));
  const slack = Math.max(SLACK_INTERVALS, SLACK_MS / intervalMs);
  const own = input.metrics.flatMap((metric) => shiftSeries(metric, change));
  const lead = leadOf(change, count);
  const estimate = estimateOnset(recent(own, lead), began, slack);
  const graph = serviceGraph(input.dependencies);
  const neighbours = neighboursOf(input, change);
  if (estimate === undefined) {
    const common: CommonCause = { likely: false, services: 0, moved: [] };
    return {
      sentence: attributionSentence(input, undefined, [], common),
      candidates: [],
      commonCause: common,
    };
  }
  const { onset, probability } = estimate;
  const moments = momentsOf(Math.min(onset.at, change), onset.at, count);
  const movements = movementsOf(neighbours, moments);
  const common = {
    ...commonCause(
      // Who calls this service moves with it when it is at fault.
      movements.filter(({ service }) => graph.calls(service, deployment.service) !== 'yes'),
      moments.past.length,
    ),
    ...contrastOf(input, neighbours, graph, moments, change),
  };
  const candidates = rankCauses({
    intervalMs,
    startMs,
    judged: deployment,
    rivals,
    onset: probability,
    places: count - lead,
    onsets: onsetsOf(input, neighbours, movements, change),
    moved: movedOf(deployment.service, movements),
    sizes: sizesOf([...movements, ...ownMovements(deployment.service, own, moments)]),
    graph,
    armsDiffer: input.armsDiffer,
  });
  return {
    sentence: attributionSentence(input, onset, candidates, common),
    candidates,
    onset,
    commonCause: common,
  };
}

/** How far before the deployment a shift is looked for: as far back as there is time since, for the season not to look like a shift. */
function leadOf(change: number, count: number): number {
  return Math.max(0, change - Math.max(SHORTEST_LEAD, count - change));
}

/** The same series without what lies before `lead`. */
function recent(series: readonly OnsetSeries[], lead: number): readonly OnsetSeries[] {
  return series.map((one) => ({
    ...one,
    first: Math.max(one.first, lead),
    values: one.values.map((value, k) => (k < lead ? NaN : value)),
  }));
}

function neighboursOf({ neighbours }: AttributionInput, change: number): readonly Neighbour[] {
  return neighbours.flatMap(({ service, kind, direction, values }) => {
    const numbers = numbersOf(values);
    const scaled = commonScale(numbers, change)?.(numbers);
    if (scaled === undefined) return [];
    const isTwoSided = direction === 'both';
    return [{ service, kind, isTwoSided, values: isTwoSided ? scaled : oriented(scaled, direction, change) }];
  });
}

function momentsOf(quietEnd: number, now: number, count: number): Moments {
  const after = Math.min(LONGEST_STRETCH, Math.max(SHORTEST_STRETCH, count - now));
  const before = Math.max(SHORTEST_BEFORE, BEFORE_FACTOR * after);
  const step = Math.max(1, Math.round(MOMENT_STEP * after));
  const past: number[] = [];
  for (let moment = quietEnd - after; moment >= before; moment -= step) past.push(moment);
  return { stretches: { after, before }, now: Math.min(now, count - after), past };
}

function movementsOf(
  neighbours: readonly Neighbour[],
  { stretches, now, past }: Moments,
): readonly ServiceMovement[] {
  return neighbours.flatMap(({ service, values, isTwoSided }) => {
    const movement = judgeMovement(values, stretches, now, past, isTwoSided);
    return movement === undefined ? [] : [{ service, movement }];
  });
}

function movedOf(here: string, movements: readonly ServiceMovement[]): ReadonlyMap<string, boolean> {
  const moved = new Map([[here, true]]);
  for (const { service, movement } of movements)
    if (service !== here) moved.set(service, movement.now || moved.get(service) === true);
  return moved;
}

function ownMovements(
  service: string,
  own: readonly OnsetSeries[],
  { stretches, now, past }: Moments,
): readonly ServiceMovement[] {
  return own.flatMap(({ values, first }) => {
    // The difference between two arms has no past of its own.
    const movement = first > 0 ? undefined : judgeMovement(values, stretches, now, past, false);
    return movement === undefined ? [] : [{ service, movement }];
  });
}

function sizesOf(movements: readonly ServiceMovement[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { service, movement } of movements)
    sizes.set(service, Math.max(movement.size, sizes.get(service) ?? -Infinity));
  return sizes;
}

/** When the services of rivals moved, where they did. */
function onsetsOf(
  input: AttributionInput,
  neighbours: readonly Neighbour[],
  movements: readonly ServiceMovement[],
  change: number,
): ReadonlyMap<string, Float64Array> {
  const moved = new Set(movements.filter(({ movement }) => movement.now).map(({ service }) => service));
  const services = new Set(input.rivals.map(({ service }) => service).filter((one) => moved.has(one)));
  return new Map(
    [...services].flatMap((service): [string, OnsetEstimate['probability']][] => {
      const series = neighbours
        .filter((one) => one.service === service)
        .map(({ values }) => ({ values, weight: 1, first: 0 }));
      const estimate = estimateOnset(recent(series, leadOf(change, input.count)), change, 0);
      return estimate === undefined ? [] : [[service, estimate.probability]];
    }),
  );
}

/** Of the metric that weighs most and has others of its kind to be compared with. */
function contrastOf(
  { metrics, deployment }: AttributionInput,
  neighbours: readonly Neighbour[],
  graph: ServiceGraph,
  { stretches, now, past }: Moments,
  change: number,
): { readonly contrast?: Contrast } {
  const byWeight = metrics.toSorted((a: ShiftedMetric, b: ShiftedMetric) => b.weight - a.weight);
  for (const metric of byWeight) {
    const [own] = shiftSeries(metric, change);
    const others = neighbours.filter(
      ({ kind, service, isTwoSided }) =>
        kind === metric.kind && !isTwoSided && graph.calls(service, deployment.service) !== 'yes',
    );
    if (own === undefined || others.length === 0) continue;
    const found = differenceInDifferences(
      own.values,
      others.map(({ values }) => values),
      stretches,
      now,
      past,
    );
    if (found !== undefined) return { contrast: { metric: metric.name, ...found } };
  }
  return {};
}
