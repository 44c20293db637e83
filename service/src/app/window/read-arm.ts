import { counterIncreases, intervalMeans, type Arm, type IntervalGrid } from '@bellwether/models';
import type { Deployment } from '../../domain/deployment.js';
import type { Combine, Selector, Signal } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import { SourceError, type MetricSource } from '../../sources/port.js';
import { fillSelector, variablesOf } from './template.js';

/** Two counter samples further apart than this many intervals say nothing about the time between them. */
const MAX_GAP_INTERVALS = 5;
/** … but never less than this: scrapes rarely come more often than the judging interval allows. */
const MIN_MAX_GAP_MS = 1_000;

interface ArmRequest {
  readonly source: MetricSource;
  readonly deployment: Deployment;
  readonly signal: Signal;
  /** Labels that single out this arm; empty for the whole service. */
  readonly overlay: Readonly<Record<string, string>>;
  readonly grid: IntervalGrid;
}

/**
 * One arm of a metric on a grid: gauges as interval means, counters as rates per second, ratios as counts per interval.
 * @throws SourceError also when several series answer where the policy says `only`
 */
export async function readArm(request: ArmRequest): Promise<Arm> {
  const { signal, grid } = request;
  switch (signal.type) {
    case 'gauge': {
      const series = await fetchSeries(request, signal.series);
      return {
        shape: 'gauge',
        values: combine(
          series.map((s) => intervalMeans(grid, s.timesMs, s.values)),
          signal.combine,
          grid,
          series,
        ),
      };
    }
    case 'counter': {
      const series = await fetchSeries(request, signal.series);
      const increases = combine(
        series.map((s) => increasesOf(s, grid)),
        signal.combine,
        grid,
        series,
      );
      return { shape: 'gauge', values: increases.map((x) => (x * 1000) / grid.intervalMs) };
    }
    case 'ratio': {
      const [events, totals] = await Promise.all([
        fetchSeries(request, signal.events),
        fetchSeries(request, signal.total),
      ]);
      const totalCounts = combine(
        totals.map((s) => increasesOf(s, grid)),
        'sum',
        grid,
        totals,
      );
      const eventCounts = combine(
        events.map((s) => increasesOf(s, grid)),
        'sum',
        grid,
        events,
      );
      return {
        shape: 'ratio',
        totals: totalCounts,
        events: eventCounts.map((x, k) => eventsOrNone(x, totalCounts[k] ?? NaN)),
      };
    }
  }
}

/** A counter of failures is often not exported before the first failure: where requests were counted, no series means none. */
function eventsOrNone(events: number, total: number): number {
  return Number.isNaN(total) ? NaN : Number.isNaN(events) ? 0 : events;
}

function increasesOf(series: SourceSeries, grid: IntervalGrid): Float64Array {
  return counterIncreases(
    grid,
    series.timesMs,
    series.values,
    Math.max(MIN_MAX_GAP_MS, MAX_GAP_INTERVALS * grid.intervalMs),
  );
}

/** One interval either side, so that counters have a neighbour across the edge. */
async function fetchSeries(request: ArmRequest, selector: Selector): Promise<readonly SourceSeries[]> {
  const { grid, deployment } = request;
  const filled = fillSelector(selector, request.overlay, variablesOf(deployment));
  return request.source.fetch({
    project: deployment.project,
    metric: filled.metric,
    labels: filled.labels,
    fromMs: grid.startMs - grid.intervalMs,
    toMs: grid.startMs + (grid.count + 1) * grid.intervalMs,
  });
}

function combine(
  arrays: readonly Float64Array[],
  how: Combine,
  grid: IntervalGrid,
  series: readonly SourceSeries[],
): Float64Array {
  if (how === 'only' && arrays.length > 1) throw severalSeries(series);
  return Float64Array.from({ length: grid.count }, (_, k) => {
    const present = arrays.map((a) => a[k] ?? NaN).filter((x) => !Number.isNaN(x));
    if (present.length === 0) return NaN;
    if (how === 'max') return Math.max(...present);
    const sum = present.reduce((a, b) => a + b, 0);
    return how === 'mean' ? sum / present.length : sum;
  });
}

function severalSeries(series: readonly SourceSeries[]): SourceError {
  const shown = series.slice(0, 5).map((s) => JSON.stringify(s.labels));
  const more = series.length > shown.length ? ` and ${series.length - shown.length} more` : '';
  return new SourceError(
    'too-many-series',
    `one series was asked for (combine: "only") and ${series.length} match: ${shown.join(', ')}${more}. Add labels to the selector, or combine with sum, mean or max.`,
    false,
  );
}
