import { html, type Piece } from '../../src/report/markup.js';
import { niceTicks } from '../../src/report/axis.js';
import type { DelayCurve } from './delay-curves.js';
import { plotFrame, px } from './plot-frame.js';

const WIDTH = 900;
const HEIGHT = 380;
const LEFT = 64;
const RIGHT = 560;
const TOP = 58;
const FLOOR = 318;
/** Least distance of two labels. */
const LABEL = 18;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** A curve with what is written at its end. */
export interface LabelledCurve extends DelayCurve {
  readonly label: string;
  readonly isOurs: boolean;
}

/** Share of the bad cases that were found by a time since the onset: a line a method, named at its end. */
export function plotDelays(title: string, curves: readonly LabelledCurve[]): string {
  const longest = Math.max(1, ...curves.map(({ minutes }) => minutes.at(-1) ?? 0));
  const x = (minutes: number): number => LEFT + (minutes / longest) * (RIGHT - LEFT);
  const y = (share: number): number => FLOOR - share * (FLOOR - TOP);
  const ends = spread(curves.map(({ minutes, bad }) => y(minutes.length / Math.max(1, bad))));
  const body: Piece = [
    html`<text class="title" x="16" y="22">${title}</text>`,
    html`<text class="soft" x="16" y="42"
      >share of the bad cases rolled back; in brackets the harmless ones that were, too</text
    >`,
    TICKS.map(
      (share) =>
        html`<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${px(y(share))}" y2="${px(y(share))}" />
          <text class="soft" x="${LEFT - 8}" y="${px(y(share) + 4)}" text-anchor="end"
            >${100 * share} %</text
          >`,
    ),
    niceTicks(0, longest, 6).map(
      (minutes) =>
        html`<text class="soft" x="${px(x(minutes))}" y="${FLOOR + 18}" text-anchor="middle"
          >${minutes}</text
        >`,
    ),
    html`<text class="soft" x="${RIGHT}" y="${FLOOR + 38}" text-anchor="end">minutes since the onset</text>`,
    curves.map((curve, index) => {
      const colour = curve.isOurs ? '--ours' : `--series-${1 + ((index - 1) % 5)}`;
      const end = y(curve.minutes.length / Math.max(1, curve.bad));
      return html`<path
          class="line"
          style="stroke:var(${colour})${curve.isOurs ? ';stroke-width:3' : ''}"
          d="${path(curve, x, y)}"
        />
        <line
          class="grid"
          x1="${RIGHT + 4}"
          x2="${RIGHT + 18}"
          y1="${px(end)}"
          y2="${px(ends[index] ?? end)}"
        />
        <text
          x="${RIGHT + 22}"
          y="${px((ends[index] ?? end) + 4)}"
          style="fill:var(${colour})${curve.isOurs ? ';font-weight:600' : ''}"
          >${curve.label}</text
        >`;
    }),
  ];
  return `${plotFrame(WIDTH, HEIGHT, `${title}: bad cases found by time since the onset`, body).toString()}\n`;
}

function path(
  { minutes, bad }: DelayCurve,
  x: (minutes: number) => number,
  y: (share: number) => number,
): string {
  const steps = minutes.map((each, index) => `H${px(x(each))}V${px(y((index + 1) / Math.max(1, bad)))}`);
  return `M${px(x(0))} ${px(y(0))}${steps.join('')}H${RIGHT}`;
}

/** Moves labels apart from the top down, keeping their order. */
function spread(places: readonly number[]): readonly number[] {
  const order = places.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const moved = [...places];
  let last = -Infinity;
  for (const index of order) {
    last = Math.max(places[index] ?? 0, last + LABEL);
    moved[index] = last;
  }
  return moved;
}
