import { z } from 'zod';
import { closestKey } from './closest-key.js';
import { seriesLabels } from './labels.js';
import { queryText } from './query-text.js';
import { optional, strictObject } from './strict-object.js';

/** A metric's own name, as Prometheus or OpenTelemetry write it. */
export const metricName = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z_:][A-Za-z0-9_:.]*$/,
    'is not a metric name; use letters, digits and _ : . and begin with a letter',
  );

/** The name of a source in the server's configuration. */
export const sourceName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a name; use lower-case letters, digits and dashes');

const selector = strictObject({ metric: metricName, labels: seriesLabels.default({}) }).meta({
  id: 'Selector',
  description:
    'Which series feed this arm. Label values may hold `{{service}}`, `{{environment}}`, `{{version}}`, `{{previousVersion}}`; an empty value matches series without that label.',
});

const controlQuery = strictObject({ query: queryText }).meta({
  description: 'What control arms read instead, where the query does not fit them.',
});

/** One part of a ratio: a counter by its selector, or an expression that gives counts an interval. */
const feed = strictObject({
  metric: optional(metricName),
  labels: optional(seriesLabels),
  query: optional(queryText),
  control: optional(controlQuery),
})
  .superRefine((part, context) => {
    const path = part.query === undefined ? ['metric'] : ['query'];
    const message = eitherOne(part.metric !== undefined, 'a selector ("metric", "labels")', part);
    if (message !== undefined) context.addIssue({ code: 'custom', path, message });
    else if (part.query !== undefined && part.labels !== undefined)
      context.addIssue({ code: 'custom', path: ['labels'], message: LABELS_OF_A_QUERY });
  })
  .transform(({ metric, labels, query, control }) =>
    query === undefined
      ? { metric: metric ?? '', labels: labels ?? {} }
      : { query, ...(control === undefined ? {} : { control }) },
  )
  .meta({
    id: 'Feed',
    description:
      'Either a selector (`metric`, `labels`) of counters, or a `query` that gives the count of each interval, such as `sum(increase(errors_total{service="{{service}}", version=~"{{version}}"}[{{interval}}]))`.',
  });

const LABELS_OF_A_QUERY = 'belongs to a selector; write the labels into the query';

const combine = z.enum(['sum', 'mean', 'max', 'outlier', 'only']).meta({
  description:
    'How several matching series become one: `outlier` is how far the furthest of at least three stands from their median, in the unit of the metric. Default: counters are added, gauges averaged, and of a query there must be `only` one.',
});

const gauge = strictObject({
  type: z.literal('gauge'),
  source: optional(sourceName),
  series: optional(selector),
  query: optional(queryText),
  control: optional(controlQuery),
  combine: optional(combine),
});

const counter = strictObject({
  type: z.literal('counter'),
  source: optional(sourceName),
  series: selector,
  combine: combine.default('sum'),
});

const histogram = strictObject({
  type: z.literal('histogram'),
  source: optional(sourceName),
  series: optional(selector),
  query: optional(queryText),
  control: optional(controlQuery),
});

const ratio = strictObject({
  type: z.literal('ratio'),
  source: optional(sourceName),
  events: feed,
  total: feed,
});

function typeRemedy(written: unknown): string {
  const { type } = (written ?? {}) as { readonly type?: unknown };
  const closest =
    typeof type === 'string' ? closestKey(type, ['gauge', 'counter', 'histogram', 'ratio']) : undefined;
  return closest === undefined
    ? 'use "gauge", "counter", "histogram" or "ratio"'
    : `did you mean "${closest}"?`;
}

/** Where the numbers of a metric come from, as written. */
export const signal = z
  .discriminatedUnion('type', [gauge, counter, histogram, ratio], {
    error: ({ input }) => `has no known type; ${typeRemedy(input)}`,
  })
  .superRefine(checkWhole)
  .superRefine(checkSource)
  .transform((written) => {
    if (written.type === 'gauge') return completeGauge(written);
    return written.type === 'histogram' ? completeHistogram(written) : written;
  })
  .meta({
    id: 'Signal',
    description:
      'A gauge is read as it is; a counter becomes a rate per second with resets healed; a ratio is events over total, both counters; a histogram is compared over its whole distribution: name it without `_bucket`, or give a `query` for the count of each interval by `le`, such as `sum by (le) (increase(http_seconds_bucket{service="{{service}}", version=~"{{version}}"}[{{interval}}]))`. `source` names a configured source (default: what was pushed); there, `query` is an expression in its language instead of a selector.',
  });

type Gauge = z.output<typeof gauge>;
type Histogram = z.output<typeof histogram>;
type Written = Gauge | Histogram | z.output<typeof counter> | z.output<typeof ratio>;

/** A signal of one part has either a selector or a query. */
function checkWhole(written: Written, context: z.core.$RefinementCtx): void {
  if (written.type !== 'gauge' && written.type !== 'histogram') return;
  const message = eitherOne(written.series !== undefined, '"series"', written);
  const path = [written.query === undefined ? 'series' : 'query'];
  if (message !== undefined) context.addIssue({ code: 'custom', path, message });
  else if (written.type === 'histogram' && written.series?.metric.endsWith('_bucket') === true)
    context.addIssue({
      code: 'custom',
      path: ['series', 'metric'],
      message: 'is the name of single buckets; leave "_bucket" out to name the histogram',
    });
}

/** What is wrong when neither or both of a selector and a query are there. */
function eitherOne(
  hasSelector: boolean,
  selectorWords: string,
  { query, control }: Pick<Gauge, 'query' | 'control'>,
): string | undefined {
  if (hasSelector && query !== undefined) return `stands beside ${selectorWords}; keep one of the two`;
  if (!hasSelector && query === undefined) return `is missing; give ${selectorWords} or "query"`;
  if (control !== undefined && query === undefined)
    return 'is no query; "control" goes with "query", and a selector has "arms" of its metric';
  return undefined;
}

function checkSource(written: Written, context: z.core.$RefinementCtx): void {
  const hasQuery =
    written.type === 'ratio'
      ? 'query' in written.events || 'query' in written.total
      : written.type !== 'counter' && written.query !== undefined;
  if (!hasQuery || (written.source !== undefined && written.source !== 'push')) return;
  const detail = written.source === undefined ? 'is missing' : 'has no query language';
  const remedy = 'name the configured source that the query is for, or give a selector of pushed series';
  context.addIssue({ code: 'custom', path: ['source'], message: `${detail}; ${remedy}` });
}

function completeGauge({ type, source, series, query, control, combine: how }: Gauge) {
  if (query === undefined)
    return {
      type,
      ...(source === undefined ? {} : { source }),
      series: series ?? { metric: '', labels: {} },
      combine: how ?? ('mean' as const),
    };
  return {
    type,
    // A query without a source was refused above.
    source: source ?? '',
    query,
    ...(control === undefined ? {} : { control }),
    combine: how ?? ('only' as const),
  };
}

function completeHistogram({ type, source, series, query, control }: Histogram) {
  if (query === undefined)
    return {
      type,
      ...(source === undefined ? {} : { source }),
      series: series ?? { metric: '', labels: {} },
    };
  // A query without a source was refused above.
  return { type, source: source ?? '', query, ...(control === undefined ? {} : { control }) };
}
