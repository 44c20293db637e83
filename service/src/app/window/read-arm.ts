import { intervalMeans, type Arm, type IntervalGrid } from '@bellwether/models';
import type { Combine, Feed, Signal } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import { isExpression } from '../../domain/signal-feeds.js';
import { askBoth } from './ask-both.js';
import { combineSeries } from './combine-series.js';
import { countEvents } from './count-events.js';
import { countIncreases } from './count-increases.js';
import { readFeed, type FeedRequest } from './read-feed.js';
import { readHistogram } from './read-histogram.js';
import { fillSelector, variablesOf } from './template.js';

export interface ArmRequest extends FeedRequest {
  readonly signal: Signal;
  /**
   * Asked when requests were counted and no event series answered: whether what feeds the events is known at all, so that "no event
   * ever" can be believed. Left out for a history, which is judged only together with a live window that asks.
   */
  readonly isKnown?: (events: Feed) => Promise<boolean>;
}

/** An arm, or an arm of NaN with the events that nobody knows. */
export interface ArmReading {
  readonly arm: Arm;
  readonly unknownEvents?: Feed;
}

/**
 * One arm of a metric on a grid: gauges as interval means, counters as rates per second, ratios and histograms as counts per interval.
 * @throws SourceError also when several series answer where the policy says `only`
 */
export async function readArm(request: ArmRequest): Promise<ArmReading> {
  const { signal, grid } = request;
  switch (signal.type) {
    case 'gauge': {
      const series = await readFeed(request, 'query' in signal ? signal : signal.series);
      return { arm: { shape: 'gauge', values: await meansOf(series, signal.combine, grid) } };
    }
    case 'counter': {
      const values = await countIncreases(await readFeed(request, signal.series), signal.combine, grid);
      for (let k = 0; k < grid.count; k++) values[k] = ((values[k] ?? NaN) * 1000) / grid.intervalMs;
      return { arm: { shape: 'gauge', values } };
    }
    case 'ratio':
      return readRatio(request, signal.events, signal.total);
    case 'histogram':
      return { arm: await readHistogram(request, signal) };
  }
}

async function readRatio(request: ArmRequest, events: Feed, total: Feed): Promise<ArmReading> {
  const { grid } = request;
  const [totalSeries, eventSeries] = await askBoth(
    request.source,
    () => readFeed(request, total),
    () => readFeed(request, events),
  );
  const totals = await countsOf(total, totalSeries, grid);
  const counted = totals.some((x) => !Number.isNaN(x));
  if (counted && eventSeries.length === 0 && request.isKnown && !(await request.isKnown(events)))
    return {
      arm: { shape: 'ratio', totals, events: new Float64Array(grid.count).fill(NaN) },
      unknownEvents: isExpression(events)
        ? events
        : fillSelector(events, request.overlay, variablesOf(request.deployment)),
    };
  const counts = await countsOf(events, eventSeries, grid);
  return {
    arm: { shape: 'ratio', totals, events: countEvents(counts, eventSeries, totalSeries, totals, grid) },
  };
}

/** Counters are added up; an expression gives the count of each interval itself, and there must be one. */
function countsOf(feed: Feed, series: readonly SourceSeries[], grid: IntervalGrid): Promise<Float64Array> {
  return isExpression(feed) ? meansOf(series, 'only', grid) : countIncreases(series, 'sum', grid);
}

function meansOf(series: readonly SourceSeries[], how: Combine, grid: IntervalGrid): Promise<Float64Array> {
  return combineSeries(series, how, grid.count, (s) => intervalMeans(grid, s.timesMs, s.values));
}
