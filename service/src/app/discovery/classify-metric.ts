import type { Direction, MetricKind } from '@bellwether/models';
import type { SeriesType } from '../../domain/sample.js';
import { isTime, unitOf, wordsOf } from './metric-words.js';

/** What is known of a metric before any of its points is read. */
export interface MetricFacts {
  readonly metric: string;
  readonly type?: SeriesType;
  readonly unit?: string;
  readonly help?: string;
  readonly labelNames: ReadonlySet<string>;
}

/** How points become the one number an interval that is judged. */
export type Reading = 'gauge' | 'counter' | 'histogram' | 'summary';

export interface UsefulMetric {
  readonly reading: Reading;
  readonly kind: MetricKind;
  readonly direction: Direction;
  readonly unit: string;
}
export type Classification =
  ({ readonly use: 'watch' } & UsefulMetric) | { readonly use: 'skip'; readonly reason: string };

/** A name that a policy can hold, with some words behind it. */
const NAME = /^[A-Za-z_:][A-Za-z0-9_:.]{0,179}$/;

/** Names that say nothing of how the service does, by the conventions of Prometheus, OpenMetrics and OpenTelemetry. */
const SKIPPED_NAMES: readonly (readonly [name: RegExp, reason: string])[] = [
  [/^(?:ALERTS(?:_FOR_STATE)?|scrape_\w+)$/, 'tells of the monitoring, not of the service'],
  [/[_.]created$/, 'says when a series began'],
  [/(?:^|[_.])(?:build_)?info$/, 'is a constant that carries labels'],
  [
    /(?:^|[_.])(?:timestamp|start[_.]?time|boot[_.]?time|uptime|birth|last_(?:seen|success|run|change|\w+_time)\w*|not_(?:after|before)|expir\w+)(?:[_.]|$)/i,
    'is an instant or an age, which moves by itself',
  ],
  [/^node_time_seconds$/, 'is a clock'],
  [
    /(?:^|[_.])(?:limits?|quota|capacity|threshold|max_fds|max_(?:open_)?connections|config\w*)(?:[_.](?:bytes|seconds|cores))?$/,
    'is a setting, not a measurement',
  ],
];
const HELP_OF_INSTANTS =
  /unix time|since (?:the )?(?:unix )?epoch|epoch (?:milli)?seconds|timestamp of|uptime/i;

const ERRORS =
  /^(?:errors?|err|failed|failures?|fails?|exceptions?|timeouts?|refused|rejected|rejections?|dropped|drops?|discards?|discarded|aborted|aborts|panics?|retries|retry|retransmits?|deadlocks?|oom|invalid|denied|unauthorized|crash(?:es)?|restarts?|lost|5xx)$/;
const LATENCY = /^(?:latency|duration|delay|rtt|elapsed)$/;
const ROOM_LEFT = /^(?:free|available|idle|remaining|headroom)$/;
const SATURATION =
  /^(?:usage|used|utili[sz]ation|util|queue|queued|queues|pending|backlog|inflight|flight|connections?|pool|memory|mem|heap|rss|resident|cpu|load1?|load5|load15|threads?|goroutines?|fds|handles|disk|lag|saturation|throttled|throttling|waiting|blocked|busy|open|active|depth|gc)$/;
/** Of what a counter counts, these are loads; what else it counts is not known. */
const LOAD_COUNTED = /^(?:cpu|throttled|throttling|gc|blocked)$/;
const TRAFFIC =
  /^(?:requests?|reqs?|rps|qps|hits?|calls?|messages?|events?|received|sent|handled|started|completed|processed|published|consumed|queries|query|ops|operations|transactions?|commits?|reads?|writes?|transmit|receive|invocations?|sessions?|records?|connections?)$/;
const REQUESTS = /^(?:requests?|reqs?|rps|calls?|handled|rpc|grpc|http)$/;

/**
 * What a metric is to be watched as, by its name, type, unit, help and labels. What nothing is known of is a business metric that may
 * harm either way, because that leaves nothing out.
 *
 * @param siblings names of all metrics that were found with it
 */
export function classifyMetric(facts: MetricFacts, siblings: ReadonlySet<string>): Classification {
  const reason = whySkipped(facts, siblings);
  if (reason !== undefined) return { use: 'skip', reason };
  const reading = readingOf(facts);
  const words = wordsOf(facts.metric);
  const unit = unitOf(words, facts.unit);
  return { use: 'watch', reading, ...natureOf(facts, words, unit, reading) };
}

function whySkipped(
  { metric, help, labelNames }: MetricFacts,
  siblings: ReadonlySet<string>,
): string | undefined {
  if (!NAME.test(metric)) return 'has a name that is too long or too odd for a policy';
  const named = SKIPPED_NAMES.find(([name]) => name.test(metric));
  if (named !== undefined) return named[1];
  if (help !== undefined && HELP_OF_INSTANTS.test(help))
    return 'is an instant or an age, which moves by itself';
  if (metric.endsWith('_sum') && siblings.has(metric.replace(/_sum$/, '_count')))
    return 'is the sum of a distribution; its count and quantiles tell more';
  if (metric.endsWith('_bucket') && !labelNames.has('le')) return 'holds buckets without the label le';
  return undefined;
}

function readingOf({ metric, type, labelNames }: MetricFacts): Reading {
  if (metric.endsWith('_bucket') && labelNames.has('le')) return 'histogram';
  if (labelNames.has('quantile')) return 'summary';
  if (type !== undefined) return type;
  return /_(?:total|count|sum)$/.test(metric) ? 'counter' : 'gauge';
}

function natureOf(
  { metric }: MetricFacts,
  words: readonly string[],
  unit: string,
  reading: Reading,
): Omit<UsefulMetric, 'reading'> {
  const has = (pattern: RegExp): boolean => words.some((word) => pattern.test(word));
  const shown = reading === 'counter' ? rateUnit(metric.endsWith('_count') ? '' : unit, has(REQUESTS)) : unit;
  if (metric === 'up') return { kind: 'error', direction: 'down', unit: shown };
  if (has(ERRORS)) return { kind: 'error', direction: 'up', unit: shown };
  if (reading === 'counter') return { ...countedNature(has), unit: shown };
  if (isTime(unit) || has(LATENCY)) return { kind: 'latency', direction: 'up', unit: shown };
  if (has(ROOM_LEFT)) return { kind: 'saturation', direction: 'down', unit: shown };
  if (has(SATURATION)) return { kind: 'saturation', direction: 'up', unit: shown };
  return { kind: has(TRAFFIC) ? 'traffic' : 'business', direction: 'both', unit: shown };
}

/** More traffic can harm as less can: a release that asks twice as often, say. */
function countedNature(has: (pattern: RegExp) => boolean): Pick<UsefulMetric, 'kind' | 'direction'> {
  if (has(LOAD_COUNTED)) return { kind: 'saturation', direction: 'up' };
  return { kind: has(TRAFFIC) || has(REQUESTS) ? 'traffic' : 'business', direction: 'both' };
}

function rateUnit(unit: string, countsRequests: boolean): string {
  if (unit === 'B') return 'B/s';
  if (isTime(unit) && !countsRequests) return `${unit}/s`;
  return countsRequests ? 'req/s' : '1/s';
}
