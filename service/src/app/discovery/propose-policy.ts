import type { Direction, MetricKind } from '@bellwether/models';
import type { MetricSpec } from '../../domain/policy.js';
import { PUSH_SOURCE } from '../../domain/signal-feeds.js';
import type { AssessedGroup } from './assess-groups.js';
import {
  buildErrorRatio,
  buildPairRatio,
  buildSignal,
  quantileName,
  type BuiltSignal,
  type FoundIn,
} from './build-signal.js';
import type { UsefulMetric } from './classify-metric.js';
import type { SeriesGroup } from './group-series.js';
import { wordsOf } from './metric-words.js';

/** A policy as people write it; what is left out has its default. */
export interface ProposedPolicy {
  readonly name: string;
  readonly mode: 'recommend';
  readonly interval: string;
  readonly watch: string;
  readonly metrics: readonly ProposedMetric[];
  readonly discover: { readonly source?: string; readonly match: Readonly<Record<string, string>> };
}

export interface ProposedMetric extends Pick<MetricSpec, 'name' | 'kind' | 'signal'> {
  readonly unit?: string;
  readonly direction?: Direction;
  readonly arms?: MetricSpec['arms'];
  readonly group: string;
}

export interface Proposal {
  readonly policy: ProposedPolicy;
  /** By name of a proposed metric: why it was chosen, and what to check. */
  readonly notes: Readonly<Record<string, string>>;
}

interface Chosen {
  readonly metric: ProposedMetric;
  readonly why: string;
}

interface Choice {
  readonly group: SeriesGroup;
  readonly useful: UsefulMetric;
  readonly rank: number;
}

/** Behind so many that look more like what a service serves, none is looked at. */
const MOST_CHOICES = 500;
const MOST = { errors: 3, latencies: 2, traffic: 2, saturation: 3 } as const;
const VERSIONLESS =
  ' No label "version": in a canary it is compared with its past, not with the control group.';

/**
 * A policy of what is worth deciding by: failures, latency, traffic and saturation, at most twelve metrics. All else is left to
 * `discover`. Undefined where nothing that was found can be judged at all.
 */
export function proposePolicy(
  found: FoundIn,
  groups: readonly AssessedGroup[],
  service: string,
): Proposal | undefined {
  const choices = groups
    .flatMap(({ group, classification }): Choice[] =>
      classification.use === 'watch' ? [{ group, useful: classification, rank: rankOf(group.metric) }] : [],
    )
    .toSorted((a, b) => b.rank - a.rank || (a.group.metric < b.group.metric ? -1 : 1))
    .slice(0, MOST_CHOICES);
  const served = [
    ...errors(found, choices),
    ...latencies(found, choices),
    ...traffic(found, choices),
    ...saturation(found, choices),
  ];
  const chosen = served.length > 0 ? served : anything(found, choices);
  if (chosen.length === 0) return undefined;
  const { name } = found.source;
  return {
    policy: {
      name: service.slice(0, 100),
      mode: 'recommend',
      interval: '1m',
      watch: '30m',
      metrics: chosen.map(({ metric }) => metric),
      discover: { ...(name === PUSH_SOURCE ? {} : { source: name }), match: found.match },
    },
    notes: Object.fromEntries(chosen.map(({ metric, why }) => [metric.name, why])),
  };
}

/** What a service serves comes before what it asks of others, and that before its runtime. */
function rankOf(metric: string): number {
  const words = wordsOf(metric);
  const points: Readonly<Record<string, number>> = {
    http: 3,
    grpc: 3,
    rpc: 2,
    server: 2,
    requests: 2,
    request: 2,
    client: -4,
    go: -6,
    promhttp: -6,
    prometheus: -6,
  };
  return words.reduce((sum, word) => sum + (Object.hasOwn(points, word) ? (points[word] ?? 0) : 0), 0);
}

function errors(found: FoundIn, choices: readonly Choice[]): readonly Chosen[] {
  const counters = choices.filter(({ useful }) => useful.reading === 'counter');
  const ratios = counters
    .filter(({ useful, rank }) => useful.kind === 'traffic' && rank > 0)
    .flatMap(({ group }) => {
      const built = buildErrorRatio(found, group);
      const why = `Failed requests by their status, of ${group.metric}. Check that a 5xx is always the fault of this service.`;
      return built === undefined ? [] : [chosen(`${group.metric} failed`, ERROR_RATIO, 'errors', built, why)];
    });
  const pairs = counters.flatMap(({ group, useful }) => {
    const total = useful.kind === 'error' ? totalOf(group, counters) : undefined;
    if (total === undefined) return [];
    const why = `${group.metric} as a share of ${total.metric}. Check that the second counts everything of which the first is a part.`;
    return [chosen(`${group.metric} ratio`, ERROR_RATIO, 'errors', buildPairRatio(found, group, total), why)];
  });
  if (ratios.length + pairs.length > 0) return [...ratios, ...pairs].slice(0, MOST.errors);
  return single(
    found,
    choices.filter(({ useful }) => useful.kind === 'error'),
    'errors',
    1,
    (metric) => {
      return `${metric} counts failures by itself: nothing was found of which they are a share. A ratio tells more from less; name the total if there is one.`;
    },
  );
}

const ERROR_RATIO = { kind: 'error', direction: 'up', unit: 'ratio' } as const;

/** The counter of which this one counts the failures, by its name: `http_errors_total` goes with `http_requests_total`. */
function totalOf({ metric }: SeriesGroup, counters: readonly Choice[]): SeriesGroup | undefined {
  const failing = /_(?:errors?|failures?|failed|fails?|exceptions?)(?=_|$)/;
  if (!failing.test(metric)) return undefined;
  const names = [metric.replace(failing, '_requests'), metric.replace(failing, '')].filter(
    (name) => name !== metric,
  );
  return names
    .map((name) => counters.find(({ group }) => group.metric === name)?.group)
    .find((group) => group !== undefined);
}

function latencies(found: FoundIn, choices: readonly Choice[]): readonly Chosen[] {
  const timed = choices.filter(({ useful }) => useful.kind === 'latency');
  const spread = timed.filter(({ useful }) => useful.reading === 'histogram' || useful.reading === 'summary');
  const quantiles = spread
    .slice(0, MOST.latencies)
    .flatMap(({ group, useful }) => [
      ...quantile(found, group, useful, 0.5, MEDIAN),
      ...quantile(found, group, useful, 0.95, TAIL),
    ]);
  if (quantiles.length > 0) return unique(quantiles);
  return single(
    found,
    timed.filter(({ useful }) => useful.reading === 'gauge'),
    'latency',
    MOST.latencies,
    (metric) =>
      `${metric} is a duration. Check that it is a quantile or a mean of the last moments, not since the start of the process.`,
  );
}

const MEDIAN = 'The middle of all cases: a shift of everything shows here first.';
const TAIL =
  'The slow ones, which most complaints are about. Check that there are some hundred cases an interval, or it is noise.';

function quantile(
  found: FoundIn,
  group: SeriesGroup,
  useful: UsefulMetric,
  share: number,
  why: string,
): readonly Chosen[] {
  const built = buildSignal(found, group, useful.reading, share);
  if (built.kind === 'unreadable') return [];
  const name = `${group.metric.replace(/_bucket$/, '')} ${quantileName(built.signal)}`;
  return [chosen(name, useful, 'latency', built, why)];
}

/** A summary may hold one quantile only, which is then the closest to both. */
function unique(all: readonly Chosen[]): readonly Chosen[] {
  return all.filter(({ metric }, i) => all.findIndex((one) => one.metric.name === metric.name) === i);
}

function traffic(found: FoundIn, choices: readonly Choice[]): readonly Chosen[] {
  const counted = choices.filter(
    ({ useful, rank }) => useful.kind === 'traffic' && useful.reading === 'counter' && rank > 0,
  );
  // A duration's count is the same number again where the requests are counted themselves.
  const own = counted.filter(({ group }) => !group.metric.endsWith('_count'));
  return single(
    found,
    own.length > 0 ? own : counted,
    'traffic',
    MOST.traffic,
    (metric) =>
      `${metric} a second: a fall means that requests no longer arrive. Here a rise is no harm; write "direction: both" where it is.`,
  ).map(({ metric: { direction: _either, ...metric }, why }) => ({ metric, why }));
}

function saturation(found: FoundIn, choices: readonly Choice[]): readonly Chosen[] {
  const full = choices.filter(({ useful }) => useful.kind === 'saturation');
  return single(
    found,
    full,
    'saturation',
    MOST.saturation,
    (metric) =>
      `${metric} tells how full the service runs. Check that it settles within minutes of a start, or give it a "warmup".`,
  );
}

/** Where nothing is known of anything, the first of what there is: better than no policy. */
function anything(found: FoundIn, choices: readonly Choice[]): readonly Chosen[] {
  return single(
    found,
    choices,
    'found',
    3,
    (metric) =>
      `Nothing that was found looks like errors, latency, traffic or saturation, so ${metric} stands for them. Check its kind and direction.`,
  );
}

function single(
  found: FoundIn,
  choices: readonly Choice[],
  group: string,
  most: number,
  why: (metric: string) => string,
): readonly Chosen[] {
  return choices
    .flatMap(({ group: series, useful }) => {
      const built = buildSignal(found, series, useful.reading, useful.reading === 'summary' ? 0.99 : 0.95);
      return built.kind === 'signal' ? [chosen(series.metric, useful, group, built, why(series.metric))] : [];
    })
    .slice(0, most);
}

const HARMFUL: Readonly<Record<MetricKind, Direction>> = {
  ...{ latency: 'up', error: 'up', saturation: 'up' },
  ...{ traffic: 'down', business: 'down' },
};

function chosen(
  name: string,
  { kind, direction, unit }: Pick<UsefulMetric, 'kind' | 'direction' | 'unit'>,
  group: string,
  { signal, arms }: BuiltSignal & { kind: 'signal' },
  why: string,
): Chosen {
  const isVersioned = Object.keys(arms.treatment).length > 0;
  const isSelected = !('query' in signal) && !(signal.type === 'ratio' && 'query' in signal.total);
  return {
    metric: {
      name,
      kind,
      ...(unit === '' || signal.type === 'ratio' ? {} : { unit }),
      ...(direction === HARMFUL[kind] ? {} : { direction }),
      signal,
      ...(isSelected && !isVersioned ? { arms } : {}),
      group,
    },
    why: isVersioned ? why : why + VERSIONLESS,
  };
}
