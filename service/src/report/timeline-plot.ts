import type { DeploymentReport } from '../app/use-cases.js';
import type { Verdict } from '../domain/verdict.js';
import { timeTicks, type AxisTick } from './axis.js';
import { linePath, thinPoints } from './line-path.js';
import { html, trusted, type Markup } from './markup.js';
import { areaHeight, areaWidth, plotFrame } from './plot-frame.js';
import { verdictLook } from './situation.js';
import { formatP } from './units.js';

type Tick = DeploymentReport['ticks'][number];

/** Smallest p that is told apart on the axis. */
const leastP = 1e-6;
const columns = 600;
/** Height of the strip that shows the verdict at each look, in the area's own units. */
const stripHeight = 34;

/** One watch's looks: each has its own p and its own share of α. */
export interface TimelineWatch {
  readonly alpha: number;
  readonly ticks: readonly Tick[];
}

/**
 * p at every look on a logarithmic axis, rarer upwards, with each watch's α and a strip of the verdict in force; marks where the verdict changed.
 * @returns undefined when no look was kept
 */
export function timelinePlot(
  watches: readonly TimelineWatch[],
  verdicts: readonly Verdict[],
): Markup | undefined {
  const all = watches.flatMap((watch) => watch.ticks);
  const first = all[0];
  if (first === undefined) return undefined;
  const times = all.map((tick) => tick.atMs);
  const fromMs = times.reduce((a, b) => Math.min(a, b), first.atMs);
  const lastMs = times.reduce((a, b) => Math.max(a, b), first.atMs);
  // The last look's verdict lasts as long as a look, so that it can be seen in the strip.
  const toMs = lastMs + Math.max(1, (lastMs - fromMs) / Math.max(1, all.length - 1));
  const place = (atMs: number): number => (atMs - fromMs) / (toMs - fromMs);
  const decades = depth(watches);
  return plotFrame({
    id: 'timeline',
    title: 'Evidence of harm at every look',
    description: describeTimeline(watches),
    unitLabel: 'p',
    yTicks: pTicks(decades),
    xTicks: timeTicks(fromMs, toMs, 7).map((tick) => ({ at: place(tick.at), label: tick.label })),
    markers: verdicts
      .map((verdict) => ({
        at: place(verdict.asOfMs),
        kind: 'verdict' as const,
        label: `#${verdict.sequence}`,
      }))
      .filter((marker) => marker.at >= 0 && marker.at <= 1),
    area: watches.map((watch) => drawWatch(watch, place, decades)),
  });
}

/** Share of the area's height at which a p is drawn: the strip lies below p = 1. */
function height(p: number, decades: number): number {
  const depthOfP = Math.min(1, -Math.log10(Math.min(1, Math.max(leastP, p))) / decades);
  return (stripHeight + 8 + depthOfP * (areaHeight - stripHeight - 8)) / areaHeight;
}

/** Powers of ten on the axis: enough for the smallest p and for α, at least two. */
function depth(watches: readonly TimelineWatch[]): number {
  const smallest = watches
    .flatMap(({ alpha, ticks }) => [alpha, ...ticks.map((tick) => tick.p)])
    .reduce((a, b) => Math.min(a, b), 0.01);
  return -Math.log10(Math.max(leastP, smallest)) * 1.12;
}

const powers = ['1', '0.1', '0.01', '0.001', '10⁻⁴', '10⁻⁵', '10⁻⁶'] as const;

function pTicks(decades: number): readonly AxisTick[] {
  return powers
    .slice(0, Math.floor(decades) + 1)
    .map((label, power) => ({ at: height(10 ** -power, decades), label }));
}

function drawWatch(
  { alpha, ticks }: TimelineWatch,
  place: (atMs: number) => number,
  decades: number,
): Markup {
  const xs = ticks.map((tick) => place(tick.atMs) * areaWidth);
  const toY = (p: number): number => (1 - height(p, decades)) * areaHeight;
  const left = Math.round(xs[0] ?? 0);
  const right = Math.round(Math.min(areaWidth, lookEnd(xs)));
  const line = linePath(thinPoints({ xs, ys: ticks.map((tick) => toY(tick.p)) }, columns));
  const alphaY = Math.round(toY(alpha));
  const strip = runs(ticks, [...xs, right]).map((run) => stripTag(run));
  return html`<rect
      class="decided"
      x="${left}"
      y="0"
      width="${right - left}"
      height="${alphaY}"
    />${strip}<line class="limit" x1="${left}" x2="${right}" y1="${alphaY}" y2="${alphaY}" /><path
      class="line live"
      d="${trusted(line)}"
    />`;
}

/** Where the last look ends: as far from it as it is from the one before. */
function lookEnd(xs: readonly number[]): number {
  const last = xs.at(-1) ?? 0;
  return last + Math.max(6, last - (xs.at(-2) ?? last));
}

interface Run {
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** A pending stretch is half as high as a decided one: colour alone must not tell them apart. */
function stripTag({ value, from, to }: Run): Markup {
  const size = value === 'pending' ? stripHeight / 2 : stripHeight;
  return html`<rect
    class="run ${verdictLook(value).tone}"
    x="${from}"
    y="${areaHeight - size}"
    width="${to - from}"
    height="${size}"
  />`;
}

/** Stretches of equal verdict; `xs` has one more entry than `ticks`, the end of the last. */
function runs(ticks: readonly Tick[], xs: readonly number[]): readonly Run[] {
  const found: { value: string; from: number; to: number }[] = [];
  ticks.forEach((tick, index) => {
    const last = found.at(-1);
    const to = Math.round(xs[index + 1] ?? areaWidth);
    if (last?.value === tick.value) last.to = to;
    else found.push({ value: tick.value, from: Math.round(xs[index] ?? 0), to });
  });
  return found;
}

function describeTimeline(watches: readonly TimelineWatch[]): string {
  const sentences = watches.map(({ alpha, ticks }) => {
    const smallest = ticks.reduce((least, tick) => Math.min(least, tick.p), 1);
    return `${ticks.length} looks; smallest p ${formatP(smallest)} against α = ${formatP(alpha)}; the last look says ${ticks.at(-1)?.value ?? 'nothing'}.`;
  });
  return `${sentences.join(' ')} The list below holds every change of the verdict.`;
}
