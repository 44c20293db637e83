import type { Deployment } from '../domain/deployment.js';
import { icon } from './icon.js';
import { timeTag } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import { personName, type ReportPage } from './report-page.js';
import { sentence } from './summary.js';
import { externalLink, linkOrText } from './safe-link.js';

const kinds: Readonly<Record<string, string>> = {
  code: 'code',
  config: 'configuration',
  infra: 'infrastructure',
  database: 'database',
  flag: 'feature flag',
};

/** What was changed, by whom, and what makes it hard to undo. */
export function changeSection(page: ReportPage): Markup {
  const { deployment } = page;
  const { change } = deployment;
  const labels = Object.entries(deployment.labels);
  return html`<section class="card" aria-labelledby="change">
    <h2 id="change">The change</h2>
    <dl class="pairs">
      ${
        change.summary !== undefined &&
        html`<div>
          <dt>Summary</dt>
          <dd><bdi>${change.summary}</bdi></dd>
        </div>`
      }
      <div>
        <dt>Kind</dt>
        <dd>
          ${Object.hasOwn(kinds, change.kind) ? kinds[change.kind] : change.kind}, ${deployment.strategy}
        </dd>
      </div>
      ${
        change.commit !== undefined &&
        html`<div>
          <dt>Commit</dt>
          <dd>
            <code>${change.commit}</code
            >${change.committedAtMs !== undefined && html`, ${timeTag(change.committedAtMs)}`}
          </dd>
        </div>`
      }
      ${
        change.ticket !== undefined &&
        html`<div>
          <dt>Ticket</dt>
          <dd>${linkOrText(change.ticket)}</dd>
        </div>`
      }
      ${migrationFact(deployment)}
      ${
        deployment.dependsOn.length > 0 &&
        html`<div>
          <dt>Depends on</dt>
          <dd>
            ${list(deployment.dependsOn.map((other) => html`<bdi>${other.service}</bdi>${other.environment !== undefined && html` (<bdi>${other.environment}</bdi>)`}`))}
          </dd>
        </div>`
      }
      ${
        deployment.links.length > 0 &&
        html`<div>
          <dt>Links</dt>
          <dd>${list(deployment.links.map((link) => externalLink(link.title, link.url)))}</dd>
        </div>`
      }
      ${
        labels.length > 0 &&
        html`<div>
          <dt>Labels</dt>
          <dd>${list(labels.map(([name, value]) => html`<bdi>${name}</bdi> = <bdi>${value}</bdi>`))}</dd>
        </div>`
      }
      <div>
        <dt>Started by</dt>
        <dd><bdi>${personName(page, deployment.actor)}</bdi></dd>
      </div>
      <div>
        <dt>Deployment</dt>
        <dd><code>${deployment.id}</code> in project <bdi>${deployment.project}</bdi></dd>
      </div>
    </dl>
  </section>`;
}

function list(items: readonly Markup[]): Markup {
  return html`<ul class="plain">
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}

function migrationFact({ migration }: Deployment): Piece {
  if (migration === undefined) return false;
  const verdict = migration.reversible ? html`can be reversed` : html`<strong>cannot be reversed</strong>`;
  return html`<div>
    <dt>Migration</dt>
    <dd>${verdict}${migration.description !== undefined && html`: <bdi>${migration.description}</bdi>`}</dd>
  </div>`;
}

/** Shown right below the verdict: going back may be worse than staying. */
export function migrationWarning({ migration }: Deployment): Piece {
  if (migration?.reversible !== false) return false;
  const { description } = migration;
  return html`<p class="warning">
    ${icon('alert')}
    <span
      ><strong>This release carries a migration that cannot be reversed.</strong> Going back may break on the
      new data: check with the owner
      first.${description !== undefined && html` <bdi>${sentence(description)}</bdi>`}</span
    >
  </p>`;
}
