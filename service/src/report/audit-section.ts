import type { AuditEntry } from '../domain/audit.js';
import { timeTag } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import { personName, type ReportPage } from './report-page.js';

/** Who did what to this deployment, oldest first, each entry with its place in the audit chain. */
export function auditSection(page: ReportPage): Piece {
  if (page.audit.length === 0) return false;
  return html`<section class="card" aria-labelledby="audit">
    <h2 id="audit">Audit trail</h2>
    <ol class="audit">
      ${page.audit.map((entry) => entryTag(page, entry))}
    </ol>
    <p class="soft">
      Each entry holds the hash of the one before it, so none can be changed or left out unseen.
    </p>
  </section>`;
}

function entryTag(page: ReportPage, entry: AuditEntry): Markup {
  const facts = Object.entries(entry.detail).filter(([, value]) => value !== null && value !== undefined);
  return html`<li>
    <div>
      <code>${entry.action}</code> <span class="soft">by</span> <bdi>${personName(page, entry.actor)}</bdi>
      <span class="soft">(${entry.authentication})</span>
    </div>
    <div class="soft">
      ${timeTag(entry.atMs)} · #${entry.sequence} · <code>${entry.hash.slice(0, 12)}</code>
    </div>
    ${facts.length > 0 && html`<div class="detail">${facts.map(([name, value]) => html`<span><span class="soft">${name}</span> <bdi>${factText(value)}</bdi></span> `)}</div>`}
  </li>`;
}

/** Longest value that is shown; report.json holds all of it. */
const mostLetters = 200;

function factText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text;
}
