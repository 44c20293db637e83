import type { Feed, MetricSpec, Signal } from '../../domain/policy.js';
import { PUSH_SOURCE } from '../../domain/signal-feeds.js';
import type { MetricSource } from '../../sources/port.js';
import type { Reading } from './classify-metric.js';
import type { SeriesGroup } from './group-series.js';

/** Where series were found. */
export interface FoundIn {
  readonly source: Pick<MetricSource, 'name' | 'language'>;
  /** Labels that single out the service, variables not filled in. */
  readonly match: Readonly<Record<string, string>>;
}

export type BuiltSignal =
  | ({ readonly kind: 'signal' } & Pick<MetricSpec, 'signal' | 'arms'>)
  | { readonly kind: 'unreadable'; readonly reason: string };

/** From so many series on, a server that can add them up is asked to: their raw samples would be megabytes. */
const MOST_RAW_SERIES = 50;
/** Where only raw samples can be read. */
const MOST_SERIES = 200;
/** Labels that hold a status of requests, and the values that are the service's own fault. */
const STATUS_LABELS = [
  'status',
  'code',
  'status_code',
  'http_status_code',
  'http_response_status_code',
  'response_code',
  'http_status',
  'status_class',
];
const GRPC_LABELS = ['grpc_code', 'rpc_grpc_status_code'];
const GRPC_FAULTS = 'Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss|2|4|12|13|14|15';

/** The signal that reads a metric so. @param quantile of a distribution, in (0, 1) */
export function buildSignal(
  found: FoundIn,
  group: SeriesGroup,
  reading: Reading,
  quantile = 0.95,
): BuiltSignal {
  if (reading === 'histogram') return histogramSignal(found, group, quantile);
  const extra = reading === 'summary' ? summaryLabels(group, quantile) : {};
  if (extra === undefined) return { kind: 'unreadable', reason: 'has no quantile up to 0.99' };
  const isPromql = found.source.language === 'promql';
  if (group.series <= (isPromql ? MOST_RAW_SERIES : MOST_SERIES)) {
    const series = { metric: group.metric, labels: { ...found.match, ...extra } };
    return signal(
      group,
      reading === 'counter'
        ? { type: 'counter', ...sourceOf(found), series, combine: 'sum' }
        : { type: 'gauge', ...sourceOf(found), series, combine: 'mean' },
    );
  }
  if (!isPromql)
    return { kind: 'unreadable', reason: `has ${group.series} series, too many to be read one by one` };
  const selector = promql(found, group, extra);
  return expression(
    found,
    group,
    reading === 'counter' ? `sum(rate(${selector}[{{interval}}]))` : `avg(${selector})`,
  );
}

/** Share of requests that failed by the service's own fault; undefined where no label of a counter tells. */
export function buildErrorRatio(
  found: FoundIn,
  group: SeriesGroup,
): (BuiltSignal & { kind: 'signal' }) | undefined {
  const status = STATUS_LABELS.find((label) => hasValue(group, label, /^(?:[1-5]\d\d|[1-5]xx)$/i));
  const grpc = GRPC_LABELS.find((label) => group.labels.has(label));
  const label = status ?? grpc;
  if (label === undefined) return undefined;
  const pattern = status === undefined ? GRPC_FAULTS : '5..';
  if (found.source.language === 'promql') {
    const total = `sum(increase(${promql(found, group)}[{{interval}}]))`;
    const events = `sum(increase(${promql(found, group, {}, [`${label}=~"${pattern}"`])}[{{interval}}]))`;
    return signal(group, {
      type: 'ratio',
      ...sourceOf(found),
      events: { query: `${events} or 0 * ${total}` },
      total: { query: total },
    });
  }
  // A selector takes one value, so only a label that holds the whole class will do.
  const whole = [...(group.labels.get(label) ?? [])].find((value) => /^5xx$/i.test(value));
  if (whole === undefined || group.series > MOST_SERIES) return undefined;
  return ratioOf(
    found,
    group,
    selected(found, group.metric, { [label]: whole }),
    selected(found, group.metric),
  );
}

/** Share of one counter in another. */
export function buildPairRatio(found: FoundIn, events: SeriesGroup, total: SeriesGroup) {
  const isBoth = events.isVersioned && total.isVersioned;
  return ratioOf(
    found,
    { ...total, isVersioned: isBoth },
    selected(found, events.metric),
    selected(found, total.metric),
  );
}

function ratioOf(found: FoundIn, group: SeriesGroup, events: Feed, total: Feed) {
  return signal(group, { type: 'ratio', ...sourceOf(found), events, total });
}

function selected({ match }: FoundIn, metric: string, extra: Readonly<Record<string, string>> = {}): Feed {
  return { metric, labels: { ...match, ...extra } };
}

function hasValue(group: SeriesGroup, label: string, pattern: RegExp): boolean {
  return [...(group.labels.get(label) ?? [])].some((value) => pattern.test(value));
}

function histogramSignal(found: FoundIn, group: SeriesGroup, quantile: number): BuiltSignal {
  if (found.source.language !== 'promql')
    return { kind: 'unreadable', reason: 'holds buckets, which only PromQL makes a quantile of' };
  const rates = `sum by (le) (rate(${promql(found, group)}[{{interval}}]))`;
  return expression(found, group, `histogram_quantile(${quantile}, ${rates})`);
}

function expression(found: FoundIn, group: SeriesGroup, query: string): BuiltSignal {
  return signal(group, { type: 'gauge', source: found.source.name, query, combine: 'only' });
}

/** Series that carry no version cannot be told apart by one: they are read whole and compared with their past. */
function signal({ isVersioned }: SeriesGroup, read: Signal): BuiltSignal & { kind: 'signal' } {
  const arms = isVersioned
    ? { treatment: { version: '{{version}}' }, control: { version: '{{previousVersion}}' } }
    : { treatment: {}, control: {} };
  return { kind: 'signal', signal: read, arms };
}

function sourceOf({ source }: FoundIn): { readonly source?: string } {
  return source.name === PUSH_SOURCE ? {} : { source: source.name };
}

/** Which quantile a distribution is read at. @example 'p95' */
export function quantileName(signal: Signal): string {
  const text =
    'series' in signal
      ? signal.series.labels['quantile']
      : 'query' in signal
        ? /(?:histogram_quantile\(|quantile=")([0-9.eE+-]+)/.exec(signal.query)?.[1]
        : undefined;
  return `p${Number((Number(text ?? NaN) * 100).toPrecision(4))}`;
}

function summaryLabels(
  { labels }: SeriesGroup,
  quantile: number,
): Readonly<Record<string, string>> | undefined {
  const usable = [...(labels.get('quantile') ?? [])]
    .filter((text) => Number(text) > 0 && Number(text) <= Math.max(0.99, quantile))
    .toSorted(
      (a, b) => Math.abs(Number(a) - quantile) - Math.abs(Number(b) - quantile) || Number(b) - Number(a),
    );
  const [closest] = usable;
  return closest === undefined ? undefined : { quantile: closest };
}

function promql(
  { match }: FoundIn,
  { metric, isVersioned }: SeriesGroup,
  extra: Readonly<Record<string, string>> = {},
  more: readonly string[] = [],
): string {
  const isPlain = /^[A-Za-z_:][A-Za-z0-9_:]*$/.test(metric);
  const matchers = [
    ...(isPlain ? [] : [`__name__=${JSON.stringify(metric)}`]),
    ...Object.entries({ ...match, ...extra }).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
    ...(isVersioned ? ['version=~"{{version}}"'] : []),
    ...more,
  ];
  return `${isPlain ? metric : ''}{${matchers.join(', ')}}`;
}
