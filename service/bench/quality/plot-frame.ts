import { html, trusted, type Markup, type Piece } from '../../src/report/markup.js';

/** Looks right on light and on dark pages: it follows what the reader's system prefers. */
const STYLE = `
svg{--ink:#1c2430;--soft:#5b6675;--grid:#dde2e8;--ours:#0b62c4;--peer:#7b8794;--limit:#b3261e;--paper:#ffffff;--series-1:#b3541e;--series-2:#2e7d4f;--series-3:#8a4fbf;--series-4:#a87f00;--series-5:#5f6b78;
font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
@media (prefers-color-scheme:dark){svg{--ink:#e8ecf1;--soft:#a3afbd;--grid:#313b47;--ours:#6cb0ff;--peer:#8d9aa9;--limit:#ff8a80;--paper:#12181f;--series-1:#ff9d5c;--series-2:#6fcf97;--series-3:#c79bf2;--series-4:#e6c14a;--series-5:#aeb9c5}}
.paper{fill:var(--paper)}
text{fill:var(--ink)}
.soft{fill:var(--soft)}
.title{font-size:14px;font-weight:600}
.ours{font-weight:600;fill:var(--ours)}
.grid{stroke:var(--grid)}
.axis{stroke:var(--soft)}
.limit{stroke:var(--limit);stroke-dasharray:4 3}
.limit-label{fill:var(--limit)}
.dot{fill:var(--peer)}
.whisker{stroke:var(--peer);stroke-width:2}
.dot.ours{fill:var(--ours)}
.whisker.ours{stroke:var(--ours)}
.line{fill:none;stroke-width:2}`;

/** A plot as a file of its own. @param what for readers who do not see it */
export function plotFrame(width: number, height: number, what: string, body: Piece): Markup {
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="${what}"
  >
    <style>
      ${trusted(STYLE)}
    </style>
    <rect class="paper" width="${width}" height="${height}" />
    ${body}
  </svg>`;
}

/** Pixels to a tenth, as they are written. */
export function px(value: number): string {
  return String(Math.round(10 * value) / 10);
}
