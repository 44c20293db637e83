import { html, type Piece } from '../../src/report/markup.js';
import type { Figures } from './figures.js';
import { OURS } from './outcome.js';
import { plotFrame, px } from './plot-frame.js';
import type { QualityReport, Section } from './quality-report.js';

const WIDTH = 900;
const ROW = 22;
const TOP = 62;
const BOTTOM = 34;
/** Left and right end of each panel. */
const F1_PANEL = [250, 500] as const;
const RATE_PANEL = [560, 870] as const;
/** Tolerated rate of false rollbacks, at the defaults. */
const ALPHA = 0.05;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

type Panel = readonly [left: number, right: number];

function at([left, right]: Panel, share: number): number {
  return left + share * (right - left);
}

/** F1 and false rollbacks of every method over one section: dots with 95 % intervals, and the line that was promised. */
export function plotMethods({ methods }: QualityReport, { title, figures }: Section): string {
  const rows = methods.flatMap((method) => {
    const one = figures[method.name];
    return one === undefined ? [] : [{ method, figures: one }];
  });
  const height = TOP + rows.length * ROW + BOTTOM;
  const floor = height - BOTTOM;
  const body: Piece = [
    html`<text class="title" x="16" y="22">${title}</text>`,
    heading(F1_PANEL, 'F1 (right is better)'),
    heading(RATE_PANEL, 'false rollbacks, 95 % interval (left is better)'),
    axis(F1_PANEL, floor, (share) => String(share)),
    axis(RATE_PANEL, floor, (share) => `${100 * share} %`),
    html`<line
      class="limit"
      x1="${px(at(RATE_PANEL, ALPHA))}"
      x2="${px(at(RATE_PANEL, ALPHA))}"
      y1="${TOP - 6}"
      y2="${floor}"
    />`,
    html`<text class="limit-label" x="${px(at(RATE_PANEL, ALPHA) + 4)}" y="${floor + 30}">α = 5 %</text>`,
    ...rows.map((row, index) =>
      methodRow(row.method.title, row.figures, row.method.name === OURS, TOP + index * ROW + ROW / 2),
    ),
  ];
  return `${plotFrame(WIDTH, height, `${title}: F1 and false rollbacks of every method`, body).toString()}\n`;
}

function heading([left]: Panel, text: string): Piece {
  return html`<text class="soft" x="${left}" y="46">${text}</text>`;
}

function axis(panel: Panel, floor: number, label: (share: number) => string): Piece {
  return TICKS.map((share) => {
    const x = px(at(panel, share));
    return html`<line class="grid" x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${floor}" />
      <text class="soft" x="${x}" y="${floor + 16}" text-anchor="middle">${label(share)}</text>`;
  });
}

function methodRow(title: string, { f1, falseRollbacks }: Figures, isOurs: boolean, y: number): Piece {
  const kind = isOurs ? ' ours' : '';
  const { share, low, high } = falseRollbacks;
  return [
    html`<text class="${isOurs ? 'ours' : ''}" x="16" y="${y + 4}">${title}</text>`,
    f1 !== null && html`<circle class="dot${kind}" cx="${px(at(F1_PANEL, f1))}" cy="${y}" r="5" />`,
    share !== null &&
      html`<line
          class="whisker${kind}"
          x1="${px(at(RATE_PANEL, low))}"
          x2="${px(at(RATE_PANEL, high))}"
          y1="${y}"
          y2="${y}"
        />
        <circle class="dot${kind}" cx="${px(at(RATE_PANEL, share))}" cy="${y}" r="5" />`,
  ];
}
