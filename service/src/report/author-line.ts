import type { Author } from '../domain/check.js';
import { badge } from './icon.js';
import { timeWithAge } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import { personName, type ReportPage } from './report-page.js';

/** The person, where one is named; else the token. */
function who(page: ReportPage, { actor, person, personRole }: Author): Markup {
  const token = html`<bdi>${personName(page, actor)}</bdi>`;
  if (person === undefined) return token;
  return html`<bdi>${personName(page, person)}</bdi
    >${personRole !== undefined && html` (<bdi>${personRole}</bdi>)`}
    <span class="soft">with the token ${token}</span>`;
}

/** Who said it, and when. */
export function byLine(page: ReportPage, author: Author, atMs: number, nowMs: number): Markup {
  return html`${who(page, author)}, ${timeWithAge(atMs, nowMs)}`;
}

/** For the first screen: who has it. */
export function peopleChips(page: ReportPage): Piece {
  const { acknowledgements } = page.collaboration;
  const holder = acknowledgements.find((one) => one.releasedAtMs === undefined);
  if (holder === undefined) return false;
  return html`<p class="chips">
    <span>${badge('good', 'check', 'Taken on')} ${who(page, holder)} has this</span>
  </p>`;
}
