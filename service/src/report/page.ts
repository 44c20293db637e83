import type { Tone } from './icon.js';
import { html, trusted, type Markup, type Piece } from './markup.js';
import { style } from './style.js';

/** Everything around a page's content. */
export interface Shell {
  readonly title: string;
  readonly nonce: string;
  readonly body: Piece;
  /** Seconds after which the browser loads the page again; absent: never. */
  readonly refreshSeconds?: number;
  readonly tone?: Tone;
  /** Navigation above the content. */
  readonly trail?: Piece;
}

/** Colours of the tab's icon, so that a bad tab is found among twenty; strong enough on light and dark tab bars. */
const tabColours: Readonly<Record<Tone, string>> = {
  bad: 'd93025',
  good: '1e8e3e',
  unsure: 'e37400',
  wait: '1a73e8',
  ended: '80868b',
};
const tabMarks: Readonly<Record<Tone, string>> = {
  bad: 'M10 4v7M10 15v1',
  good: 'M5 10l4 4 6-8',
  unsure: 'M7 8a3 3 0 1 1 3 3v1M10 15v1',
  wait: 'M10 5v5l3 2',
  ended: 'M6 10h8',
};

function tabIcon(tone: Tone): string {
  const drawing = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'><circle cx='10' cy='10' r='10' fill='#${tabColours[tone]}'/><path d='${tabMarks[tone]}' fill='none' stroke='white' stroke-width='2.4'/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(drawing)}`;
}

/** A whole HTML document: one file, nothing to fetch, no script. */
export function renderPage(shell: Shell): string {
  const refresh =
    shell.refreshSeconds === undefined
      ? false
      : html`<meta http-equiv="refresh" content="${shell.refreshSeconds}" />`;
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        ${refresh}
        <title>${shell.title}</title>
        <link rel="icon" href="${tabIcon(shell.tone ?? 'wait')}" />
        <style nonce="${shell.nonce}">
          ${style}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="top"><span class="brand">Bellwether</span>${shell.trail}</header>
        <main id="content">${shell.body}</main>
        ${patterns}
      </body>
    </html> `;
  return document.toString();
}

/** Hatching for gaps, shared by all plots of a page: a coarse one for areas that are squeezed to their width, a fine one for the legend. */
const patterns: Markup = trusted(
  `<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>${hatch('hatch', 20, 4)}${hatch('hatch-sample', 6, 1.2)}</defs></svg>`,
);

function hatch(id: string, size: number, stroke: number): string {
  return `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse"><path d="M0 ${size} ${size} 0" class="hatch" stroke-width="${stroke}" /></pattern>`;
}
