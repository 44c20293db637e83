import type { AxisTick } from './axis.js';
import { html, trusted, type Markup, type Piece } from './markup.js';

/** Inner coordinates of a plot's area; it is stretched to the width that the page has, lines keep their thickness. */
export const areaWidth = 1200;
export const areaHeight = 400;
/** Height of the strip for marker labels, of the area, and of the strip for the time axis, in CSS pixels. */
const labelStrip = 34;
const areaPixels = 136;
const axisStrip = 22;

/** A vertical line over the area. */
export interface Marker {
  /** Position, 0–1 of the width. */
  readonly at: number;
  readonly kind: 'change' | 'step' | 'onset' | 'verdict';
  readonly label: string;
}

export interface PlotFrame {
  /** Unique in the document. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly unitLabel: string;
  /** Ticks in 0–1 of the height, from below. */
  readonly yTicks: readonly AxisTick[];
  /** Ticks in 0–1 of the width. */
  readonly xTicks: readonly AxisTick[];
  readonly markers: readonly Marker[];
  /** What is drawn in the area, in its inner coordinates. */
  readonly area: Piece;
}

/** A share of the width as an SVG percentage, to a hundredth. */
export function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}

/** Axes, markers and accessible text around a drawing: an inline SVG that fits every width without scaling its text. */
export function plotFrame(frame: PlotFrame): Markup {
  const height = labelStrip + areaPixels + axisStrip;
  return html`<svg
    class="plot"
    width="100%"
    height="${height}"
    role="img"
    aria-labelledby="${frame.id}-t ${frame.id}-d"
  >
    <title id="${frame.id}-t">${frame.title}</title>
    <desc id="${frame.id}-d">${frame.description}</desc>
    ${frame.yTicks.map((tick) => yTick(tick))}
    <svg
      x="0"
      y="${labelStrip}"
      width="100%"
      height="${areaPixels}"
      viewBox="0 0 ${areaWidth} ${areaHeight}"
      preserveAspectRatio="none"
    >
      ${frame.area}
    </svg>
    <line class="axis" x1="0" x2="100%" y1="${labelStrip + areaPixels}" y2="${labelStrip + areaPixels}" />
    ${frame.xTicks.map((tick, index) => xTick(tick, index))}
    <text class="tick unit" x="-8" y="${labelStrip - 7}" text-anchor="end">${frame.unitLabel}</text>
    ${markerTags(frame.markers)}
  </svg>`;
}

function yTick({ at, label }: AxisTick): Markup {
  const y = Math.round(labelStrip + (1 - at) * areaPixels);
  return html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}" /><text
      class="tick"
      x="-8"
      y="${y + 4}"
      text-anchor="end"
      >${label}</text
    >`;
}

function xTick({ at, label }: AxisTick, index: number): Markup {
  const y = labelStrip + areaPixels;
  const x = trusted(percent(at));
  const anchor = at < 0.06 ? 'start' : at > 0.94 ? 'end' : 'middle';
  return html`<g class="${index % 2 === 1 ? 'sparse' : 'always'}"
    ><line class="axis" x1="${x}" x2="${x}" y1="${y}" y2="${y + 4}" /><text
      class="tick"
      x="${x}"
      y="${y + 17}"
      text-anchor="${anchor}"
      >${label}</text
    ></g
  >`;
}

/** Share of the width that a label needs before the next one in its row may begin, by number of letters. */
const shareOfLetter = 0.017;

/** Lines for all markers; labels in two rows (onset below the others), left out where they would touch. */
function markerTags(markers: readonly Marker[]): readonly Markup[] {
  const ends = { upper: -1, lower: -1 };
  return markers
    .toSorted((a, b) => a.at - b.at)
    .map((marker) => {
      const row = marker.kind === 'onset' ? 'lower' : 'upper';
      const length = marker.label.length * shareOfLetter;
      const flips = marker.at + length > 1;
      const start = flips ? marker.at - length : marker.at;
      const fits = start > ends[row];
      if (fits) ends[row] = start + length;
      return markerTag(marker, row === 'upper' ? 12 : 28, flips, fits);
    });
}

function markerTag({ at, kind, label }: Marker, labelY: number, flips: boolean, fits: boolean): Markup {
  const x = trusted(percent(at));
  const line = html`<line
    class="marker ${kind}"
    x1="${x}"
    x2="${x}"
    y1="${labelY - 10}"
    y2="${labelStrip + areaPixels}"
  />`;
  if (!fits) return line;
  return html`${line}<text
      class="marker-label ${kind}"
      x="${x}"
      dx="${flips ? -5 : 5}"
      y="${labelY}"
      text-anchor="${flips ? 'end' : 'start'}"
      >${label}</text
    >`;
}
