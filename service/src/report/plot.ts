import type { GuardRail } from '@bellwether/models';
import type { MetricPlot } from '../domain/evidence.js';
import { niceTicks, timeTicks, type AxisTick } from './axis.js';
import { bandPath, gapRanges, linePath, thinPoints, type PlotPoints } from './line-path.js';
import { html, trusted, type Markup } from './markup.js';
import { areaHeight, areaWidth, plotFrame, type Marker } from './plot-frame.js';
import { plotRange, type Range } from './plot-range.js';
import { formatFixed, formatValue, unitScale, type UnitScale } from './units.js';

/** Columns beyond which points are thinned to the lowest and highest of each. */
const columns = 600;

/** What is drawn besides the plot's own lines. */
export interface PlotContext {
  /** Unique in the document. */
  readonly id: string;
  readonly changeAtMs: number;
  readonly steps: readonly { readonly name: string; readonly startedAtMs: number }[];
  readonly onsetAtMs?: number;
  readonly warmupMs: number;
  readonly guardRail?: GuardRail;
}

/**
 * One metric over time as inline SVG: live and control line, expectation with its band, warm-up, gaps, the user's limits, and marks for the
 * change, later steps and the onset. Text keeps its size at every width; beyond 600 columns points are thinned without losing a spike.
 */
export function metricPlot(plot: MetricPlot, context: PlotContext): Markup {
  const length = Math.max(plot.live.length, plot.expected.length, 1);
  const toMs = plot.fromMs + length * plot.intervalMs;
  const limits = guardLimits(context.guardRail);
  const range = plotRange(plot, limits);
  const scale = unitScale(plot.unit, Math.max(Math.abs(range.low), Math.abs(range.high)));
  const place = (atMs: number): number => (atMs - plot.fromMs) / (toMs - plot.fromMs);
  return plotFrame({
    id: context.id,
    title: `${plot.name} over time`,
    description: describePlot(plot, context.changeAtMs),
    unitLabel: scale.symbol.length > 8 ? `${scale.symbol.slice(0, 7)}…` : scale.symbol,
    yTicks: valueTicks(range, scale),
    xTicks: timeTicks(plot.fromMs, toMs, 7).map((tick) => ({ at: place(tick.at), label: tick.label })),
    markers: markersOf(context, place),
    area: drawing(plot, context, range, place),
  });
}

function guardLimits(rail: GuardRail | undefined): readonly number[] {
  return [rail?.above, rail?.below].filter((limit) => limit !== undefined);
}

function valueTicks(range: Range, scale: UnitScale): readonly AxisTick[] {
  const values = niceTicks(range.low * scale.factor, range.high * scale.factor, 4);
  const step = Math.abs((values[1] ?? 0) - (values[0] ?? 0));
  const decimals = step === 0 ? 2 : Math.min(9, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const span = (range.high - range.low) * scale.factor;
  return values.map((value) => ({
    at: (value - range.low * scale.factor) / span,
    label: formatFixed(value, decimals),
  }));
}

function markersOf(context: PlotContext, place: (atMs: number) => number): readonly Marker[] {
  const later = context.steps.filter((step) => step.startedAtMs !== context.changeAtMs);
  const markers: Marker[] = [
    { at: place(context.changeAtMs), kind: 'change', label: 'change' },
    ...later.map((step): Marker => ({
      at: place(step.startedAtMs),
      kind: 'step',
      label: step.name.slice(0, 16),
    })),
  ];
  if (context.onsetAtMs !== undefined)
    markers.push({
      at: place(context.onsetAtMs),
      kind: 'onset',
      label: 'onset',
    });
  return markers.filter((marker) => marker.at >= 0 && marker.at <= 1);
}

function drawing(
  plot: MetricPlot,
  context: PlotContext,
  range: Range,
  place: (atMs: number) => number,
): readonly Markup[] {
  const length = Math.max(plot.live.length, plot.expected.length, 1);
  const toX = (index: number): number => ((index + 0.5) / length) * areaWidth;
  const toY = (value: number): number => (1 - (value - range.low) / (range.high - range.low)) * areaHeight;
  const points = (values: readonly (number | null)[]): PlotPoints =>
    thinPoints(
      {
        xs: values.map((_, index) => toX(index)),
        ys: values.map((value) => (value === null || !Number.isFinite(value) ? null : toY(value))),
      },
      columns,
    );
  const line = (kind: string, values: readonly (number | null)[]): Markup =>
    html`<path class="line ${kind}" d="${trusted(linePath(points(values)))}" />`;
  return [
    warmup(context, place),
    gaps(plot.live, length),
    band(plot, toX, toY),
    line('expected', plot.expected),
    ...(plot.control === undefined ? [] : [line('control', plot.control)]),
    line('live', plot.live),
    ...guardLimits(context.guardRail).map(
      (limit) =>
        html`<line
          class="limit"
          x1="0"
          x2="${areaWidth}"
          y1="${Math.round(toY(limit))}"
          y2="${Math.round(toY(limit))}"
        />`,
    ),
  ];
}

function warmup({ changeAtMs, warmupMs }: PlotContext, place: (atMs: number) => number): Markup {
  if (warmupMs <= 0) return html``;
  const from = Math.max(0, place(changeAtMs)) * areaWidth;
  const to = Math.min(1, place(changeAtMs + warmupMs)) * areaWidth;
  return to > from
    ? html`<rect
        class="warmup"
        x="${Math.round(from)}"
        y="0"
        width="${Math.round(to - from)}"
        height="${areaHeight}"
      />`
    : html``;
}

function gaps(live: readonly (number | null)[], length: number): Markup {
  const padded = live.length < length ? [...live, ...new Array<null>(length - live.length).fill(null)] : live;
  const path = gapRanges(padded)
    .map(
      ([from, to]) =>
        `M${Math.round((from / length) * areaWidth)} 0H${Math.round((to / length) * areaWidth)}V${areaHeight}H${Math.round((from / length) * areaWidth)}z`,
    )
    .join('');
  return path === '' ? html`` : html`<path class="gap" d="${trusted(path)}" />`;
}

/** The band follows every n-th point where there are more points than columns: its edges are smooth, spikes are the live line's business. */
function band(plot: MetricPlot, toX: (index: number) => number, toY: (value: number) => number): Markup {
  const every = Math.max(1, Math.ceil(plot.low.length / columns));
  const kept = plot.low.map((_, index) => index).filter((index) => index % every === 0);
  const edge = (values: readonly (number | null)[]): readonly (number | null)[] =>
    kept.map((index) => {
      const value = values[index] ?? null;
      return value === null || !Number.isFinite(value)
        ? null
        : Math.min(4 * areaHeight, Math.max(-3 * areaHeight, toY(value)));
    });
  return html`<path class="band" d="${trusted(bandPath(kept.map(toX), edge(plot.low), edge(plot.high)))}" />`;
}

function mean(values: readonly (number | null)[]): number | undefined {
  const known = values.filter((value) => value !== null && Number.isFinite(value));
  return known.length === 0
    ? undefined
    : known.reduce<number>((sum, value) => sum + (value ?? 0), 0) / known.length;
}

/** The plot in words, for those who cannot see it. */
function describePlot(plot: MetricPlot, changeAtMs: number): string {
  const split = Math.min(
    plot.live.length,
    Math.max(0, Math.round((changeAtMs - plot.fromMs) / plot.intervalMs)),
  );
  const said = (label: string, values: readonly (number | null)[]): string => {
    const level = mean(values);
    return `${label}: ${level === undefined ? 'no samples' : formatValue(level, plot.unit)}`;
  };
  const missing = plot.live.filter((value) => value === null).length;
  return `Averages. ${said('Live before the change', plot.live.slice(0, split))}. ${said('Live after', plot.live.slice(split))}. ${said('Expected after', plot.expected.slice(split))}.${
    plot.control === undefined ? '' : ` ${said('Control after', plot.control.slice(split))}.`
  } ${missing} of ${plot.live.length} intervals have no sample. The table below holds the numbers.`;
}
