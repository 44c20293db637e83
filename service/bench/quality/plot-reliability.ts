import { html, type Piece } from '../../src/report/markup.js';
import { plotFrame, px } from './plot-frame.js';
import type { ReliabilitySection } from './quality-report.js';
import type { ReliabilityBin } from './reliability.js';

/** Side of the square of one panel, and what lies around it. */
const SIDE = 220;
const LEFT = 58;
const TOP = 58;
const BELOW = 52;
const COLUMNS = 3;
/** Said and come true should not differ by more. */
const TOLERATED = 0.1;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** What was said against what came true, a panel a set, with 95 % intervals and the number of cases. */
export function plotReliability(sections: readonly ReliabilitySection[]): string {
  const columns = Math.min(COLUMNS, sections.length);
  const cell = { width: LEFT + SIDE + 22, height: TOP + SIDE + BELOW };
  const width = Math.max(1, columns) * cell.width;
  const height = Math.ceil(sections.length / COLUMNS) * cell.height;
  const body = sections.map((section, index) =>
    panel(section, (index % COLUMNS) * cell.width + LEFT, Math.floor(index / COLUMNS) * cell.height + TOP),
  );
  return `${plotFrame(width, height, 'Probability of harm that was said, against the share that was bad', body).toString()}\n`;
}

function panel({ title, bins }: ReliabilitySection, left: number, top: number): Piece {
  const x = (share: number): string => px(left + share * SIDE);
  const y = (share: number): string => px(top + (1 - share) * SIDE);
  const band = (offset: number): Piece =>
    html`<line
      class="grid"
      x1="${x(Math.max(0, -offset))}"
      y1="${y(Math.max(0, offset))}"
      x2="${x(Math.min(1, 1 - offset))}"
      y2="${y(Math.min(1, 1 + offset))}"
      stroke-dasharray="3 3"
    />`;
  return [
    html`<text class="title" x="${left}" y="${top - 28}">${title}</text>`,
    html`<text class="soft" x="${left}" y="${top - 10}">was bad</text>`,
    html`<text class="soft" x="${left + SIDE}" y="${top + SIDE + 38}" text-anchor="end"
      >probability said</text
    >`,
    TICKS.map(
      (share) =>
        html`<line class="grid" x1="${left}" x2="${left + SIDE}" y1="${y(share)}" y2="${y(share)}" />
          <text class="soft" x="${left - 8}" y="${px(top + (1 - share) * SIDE + 4)}" text-anchor="end"
            >${share}</text
          >
          <text class="soft" x="${x(share)}" y="${top + SIDE + 18}" text-anchor="middle">${share}</text>`,
    ),
    html`<line class="axis" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" />`,
    band(TOLERATED),
    band(-TOLERATED),
    bins.map((bin) => mark(bin, x, y)),
  ];
}

type Place = (share: number) => string;

function mark({ said, was }: ReliabilityBin, x: Place, y: Place): Piece {
  const share = was.share ?? 0;
  const isHigh = share > 0.85;
  return html`<line
      class="whisker ours"
      x1="${x(said)}"
      x2="${x(said)}"
      y1="${y(was.low)}"
      y2="${y(was.high)}"
    />
    <circle class="dot ours" cx="${x(said)}" cy="${y(share)}" r="5" />
    <text
      x="${x(said)}"
      y="${px(Number(y(share)) + (isHigh ? 18 : -9))}"
      dx="${said > 0.8 ? -8 : 8}"
      text-anchor="${said > 0.8 ? 'end' : 'start'}"
    >
      ${was.of}
    </text>`;
}
