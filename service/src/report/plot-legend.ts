import type { MetricPlot } from '../domain/evidence.js';
import { html, type Markup } from './markup.js';
import { plotRange } from './plot-range.js';
import type { PlotContext } from './plot.js';

/** The kinds of drawing that a plot may hold, with the words for them. */
const kinds = {
  live: 'live',
  expected: 'expected',
  band: 'expected band',
  control: 'control group',
  gap: 'no samples',
  warmup: 'warm-up, not judged',
  limit: 'your limit',
} as const;
type Kind = keyof typeof kinds;
const areas: ReadonlySet<Kind> = new Set(['band', 'gap', 'warmup']);

function hasValues(values: readonly (number | null)[] | undefined): boolean {
  return values?.some((value) => value !== null) ?? false;
}

/** Which line is which; only what the plot really shows. */
export function plotLegend(plot: MetricPlot, context: PlotContext): Markup {
  const limits = [context.guardRail?.above, context.guardRail?.below].filter((limit) => limit !== undefined);
  const shown: Readonly<Record<Kind, boolean>> = {
    live: hasValues(plot.live),
    expected: hasValues(plot.expected),
    band: hasValues(plot.low) && hasValues(plot.high),
    control: hasValues(plot.control),
    gap: plot.live.includes(null) || plot.live.length < plot.expected.length,
    warmup: context.warmupMs > 0,
    limit: limits.length > 0 && isInside(plot, limits),
  };
  const items = (Object.keys(kinds) as Kind[]).filter((kind) => shown[kind]);
  return html`<ul class="legend">
    ${items.map((kind) => html`<li>${sample(kind)} ${kinds[kind]}</li>`)}
  </ul>`;
}

/** A limit far from the data is left out of the plot. */
function isInside(plot: MetricPlot, limits: readonly number[]): boolean {
  const range = plotRange(plot, limits);
  return limits.some((limit) => limit > range.low && limit < range.high);
}

function sample(kind: Kind): Markup {
  const drawing = areas.has(kind)
    ? html`<rect class="${kind === 'gap' ? 'gap-sample' : kind}" x="0" y="1" width="22" height="10" />`
    : html`<path class="${kind === 'limit' ? 'limit' : `line ${kind}`}" d="M1 6h20" />`;
  return html`<svg class="sample" width="22" height="12" aria-hidden="true" focusable="false">
    ${drawing}
  </svg>`;
}
