import { setImmediate } from 'node:timers/promises';
import { counterIncreases, intervalMeans, type Arm } from '@bellwether/models';
import type { Signal } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import { SourceError } from '../../sources/port.js';
import { askBoth } from './ask-both.js';
import { BOUND_LABEL, bucketGroups } from './bucket-series.js';
import { countIncreases } from './count-increases.js';
import { joinBuckets, type CumulatedBuckets } from './join-buckets.js';
import { maxGapMs } from './max-gap.js';
import { readFeed, type FeedRequest } from './read-feed.js';
import { restartTogether } from './restart-together.js';

type HistogramSignal = Extract<Signal, { type: 'histogram' }>;

/**
 * One arm of a latency histogram on a grid: what fell into each bucket within each interval, added up over instances. A selector names the
 * histogram without `_bucket`; native histograms, which sources give under that name with bounds, are taken where an instance has no
 * classic buckets. A query gives the count of each interval up to each bound.
 * @throws SourceError
 */
export async function readHistogram(asked: FeedRequest, signal: HistogramSignal): Promise<Arm> {
  const request: FeedRequest = { ...asked, takesHistograms: true };
  if (!('query' in signal)) return scraped(request, signal);
  const series = await readFeed(request, signal);
  if (series.length > 0 && series.every(({ labels }) => labels[BOUND_LABEL] === undefined))
    throw noBuckets(signal);
  return counted(request, series);
}

async function scraped(
  request: FeedRequest,
  { series }: Extract<HistogramSignal, { series: unknown }>,
): Promise<Arm> {
  const { grid } = request;
  const [classic, native] = await askBoth(
    request.source,
    () => readFeed(request, { ...series, metric: `${series.metric}_bucket` }),
    () => readFeed(request, series),
  );
  const groups = bucketGroups(classic, native);
  const parts: CumulatedBuckets[] = [];
  const totals: SourceSeries[] = [];
  for (const group of groups) {
    const healed = restartTogether(group);
    parts.push({
      upperBounds: group.buckets.map(({ upperBound }) => upperBound),
      upTo: healed.map(({ timesMs, values }) =>
        counterIncreases(grid, timesMs, values, maxGapMs(grid.intervalMs)),
      ),
    });
    totals.push(...healed.slice(-1));
    await setImmediate();
  }
  const observed = await countIncreases(totals, 'sum', grid);
  return joinBuckets(parts, grid.count, (k) => Number.isNaN(observed[k] ?? NaN), request.bounds);
}

/** Buckets that a query gives for several label sets are added up as instances are. */
function counted({ grid, bounds }: FeedRequest, series: readonly SourceSeries[]): Promise<Arm> {
  const parts = bucketGroups(series).map(({ buckets }) => ({
    upperBounds: buckets.map(({ upperBound }) => upperBound),
    upTo: buckets.map(({ series: { timesMs, values } }) => intervalMeans(grid, timesMs, values)),
  }));
  return joinBuckets(parts, grid.count, () => false, bounds);
}

function noBuckets({ query }: { readonly query: string }): SourceError {
  const text = `the query gives numbers without the label "${BOUND_LABEL}", and a histogram needs the count up to each bucket's end: keep that label, as in sum by (${BOUND_LABEL}) (increase(…_bucket{…}[{{interval}}])). Query: ${query}`;
  return new SourceError('bad-query', text, false);
}
