import { intervalMeans, type Arm, type IntervalGrid } from '@bellwether/models';
import type { Deployment } from '../../domain/deployment.js';
import type { Selector, Signal } from '../../domain/policy.js';
import type { SourceSeries } from '../../domain/sample.js';
import type { MetricSource } from '../../sources/port.js';
import { combineSeries } from './combine-series.js';
import { countEvents } from './count-events.js';
import { countIncreases } from './count-increases.js';
import { maxGapMs } from './max-gap.js';
import { fillSelector, variablesOf } from './template.js';

export interface ArmRequest {
  readonly source: MetricSource;
  readonly deployment: Deployment;
  readonly signal: Signal;
  /** Labels that single out this arm; empty for the whole service. */
  readonly overlay: Readonly<Record<string, string>>;
  readonly grid: IntervalGrid;
  /** Samples from this instant on are left unread even where a counter could use them. */
  readonly untilMs?: number;
  /**
   * Asked when requests were counted and no event series answered: whether the selector's metric is known at all, so that "no event
   * ever" can be believed. Left out for a history, which is judged only together with a live window that asks.
   */
  readonly isKnown?: (events: Selector) => Promise<boolean>;
}

/** An arm, or an arm of NaN with the selector of events that nobody knows. */
export interface ArmReading {
  readonly arm: Arm;
  readonly unknownEvents?: Selector;
}

/**
 * One arm of a metric on a grid: gauges as interval means, counters as rates per second, ratios as counts per interval.
 * @throws SourceError also when several series answer where the policy says `only`
 */
export async function readArm(request: ArmRequest): Promise<ArmReading> {
  const { signal, grid } = request;
  switch (signal.type) {
    case 'gauge': {
      const values = await combineSeries(
        await fetchSeries(request, signal.series),
        signal.combine,
        grid.count,
        (s) => intervalMeans(grid, s.timesMs, s.values),
      );
      return { arm: { shape: 'gauge', values } };
    }
    case 'counter': {
      const values = await countIncreases(await fetchSeries(request, signal.series), signal.combine, grid);
      for (let k = 0; k < grid.count; k++) values[k] = ((values[k] ?? NaN) * 1000) / grid.intervalMs;
      return { arm: { shape: 'gauge', values } };
    }
    case 'ratio':
      return readRatio(request, signal.events, signal.total);
  }
}

async function readRatio(request: ArmRequest, events: Selector, total: Selector): Promise<ArmReading> {
  const { grid } = request;
  const totalSeries = await fetchSeries(request, total);
  const totals = await countIncreases(totalSeries, 'sum', grid);
  const eventSeries = await fetchSeries(request, events);
  const counted = totals.some((x) => !Number.isNaN(x));
  if (counted && eventSeries.length === 0 && request.isKnown && !(await request.isKnown(events)))
    return {
      arm: { shape: 'ratio', totals, events: new Float64Array(grid.count).fill(NaN) },
      unknownEvents: fillSelector(events, request.overlay, variablesOf(request.deployment)),
    };
  return {
    arm: { shape: 'ratio', totals, events: await countEvents(eventSeries, totalSeries, totals, grid) },
  };
}

/** As far to either side as an increase is shared out, so that counters have their neighbours across the edges. */
function fetchSeries(request: ArmRequest, selector: Selector): Promise<readonly SourceSeries[]> {
  const { grid, deployment } = request;
  const filled = fillSelector(selector, request.overlay, variablesOf(deployment));
  const gapMs = maxGapMs(grid.intervalMs);
  const endMs = grid.startMs + grid.count * grid.intervalMs;
  return request.source.fetch({
    project: deployment.project,
    metric: filled.metric,
    labels: filled.labels,
    fromMs: grid.startMs - gapMs,
    toMs: Math.min(request.untilMs ?? Infinity, endMs + gapMs),
  });
}
