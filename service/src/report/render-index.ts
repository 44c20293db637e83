import type { Deployment } from '../domain/deployment.js';
import type { Verdict } from '../domain/verdict.js';
import { badge } from './icon.js';
import { timeWithAge } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import { renderPage } from './page.js';
import { situate } from './situation.js';

export const deploymentStates = [
  'running',
  'finished',
  'cancelled',
  'superseded',
  'rolling-back',
  'rolled-back',
  'rollback-failed',
] as const;
export const verdictValues = [
  'pending',
  'continue',
  'rollback',
  'inconclusive',
  'superseded',
  'cancelled',
] as const;

/** What the reader asked for, as typed. */
export interface IndexFilters {
  readonly project?: string;
  readonly service?: string;
  readonly environment?: string;
  readonly state?: string;
  readonly verdict?: string;
}

export interface IndexPage {
  readonly items: readonly { readonly deployment: Deployment; readonly verdict?: Verdict }[];
  readonly filters: IndexFilters;
  readonly nextCursor?: string;
  /** Whether this is a later page, so that a way back is shown. */
  readonly isLaterPage: boolean;
}

/** The list of deployments as a whole HTML document; filters are a plain form, paging plain links. */
export function renderIndex(page: IndexPage, nowMs: number, nonce: string): string {
  return renderPage({
    title: 'Deployments: Bellwether',
    nonce,
    body: html`<h1>Deployments</h1>
      ${filterForm(page.filters)}
      ${
        page.items.length === 0
          ? emptyState(page)
          : html`<ol class="rows">
              ${page.items.map(({ deployment, verdict }) => row(deployment, verdict, nowMs))}
            </ol>`
      }
      ${paging(page)}`,
  });
}

function row(deployment: Deployment, verdict: Verdict | undefined, nowMs: number): Markup {
  const situation = situate(deployment, verdict);
  const from =
    deployment.previousVersion === undefined
      ? false
      : html`<bdi>${deployment.previousVersion}</bdi> <span aria-label="to">→</span> `;
  return html`<li class="row ${situation.tone}">
    <div class="row-verdict">${badge(situation.tone, situation.icon, situation.word)}</div>
    <div class="row-what">
      <a href="deployments/${encodeURIComponent(deployment.id)}/report"
        ><bdi>${deployment.service}</bdi>
        <span class="version">${from}<bdi>${deployment.version}</bdi></span></a
      >
      <p><bdi>${situation.sentence}</bdi></p>
    </div>
    <div class="row-when">
      <bdi>${deployment.environment}</bdi><br />${timeWithAge(deployment.startedAtMs, nowMs)}
    </div>
  </li>`;
}

function filterForm(filters: IndexFilters): Markup {
  return html`<form
    class="filters"
    method="get"
    action="deployments"
    role="search"
    aria-label="Filter deployments"
  >
    ${filters.project !== undefined && textField('project', 'Project', filters.project)}
    ${textField('service', 'Service', filters.service)}
    ${textField('environment', 'Environment', filters.environment)}
    ${choiceField('state', 'State', deploymentStates, filters.state)}
    ${choiceField('verdict', 'Verdict', verdictValues, filters.verdict)}
    <div class="buttons">
      <button type="submit">Filter</button>${isFiltered(filters) && html` <a href="deployments">Show all</a>`}
    </div>
  </form>`;
}

function isFiltered({ service, environment, state, verdict }: IndexFilters): boolean {
  return [service, environment, state, verdict].some((value) => value !== undefined);
}

function textField(name: string, label: string, value: string | undefined): Markup {
  return html`<label
    >${label} <input type="text" name="${name}" value="${value ?? ''}" autocomplete="off" spellcheck="false"
  /></label>`;
}

function choiceField(
  name: string,
  label: string,
  choices: readonly string[],
  chosen: string | undefined,
): Markup {
  return html`<label
    >${label}
    <select name="${name}">
      <option value="">any</option>
      ${choices.map(
        (choice) =>
          html`<option value="${choice}" ${choice === chosen && html` selected="selected"`}>
            ${choice}
          </option>`,
      )}
    </select></label
  >`;
}

function paging(page: IndexPage): Piece {
  const query = (cursor?: string): string => {
    const pairs = Object.entries({ ...page.filters, cursor }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    );
    return pairs.length === 0 ? 'deployments' : `deployments?${new URLSearchParams(pairs).toString()}`;
  };
  if (page.nextCursor === undefined && !page.isLaterPage) return false;
  return html`<nav class="paging" aria-label="Pages">
    ${page.isLaterPage && html`<a href="${query()}">Newest</a>`}
    ${page.nextCursor !== undefined && html`<a href="${query(page.nextCursor)}" rel="next">Older deployments</a>`}
  </nav>`;
}

const example = `curl -X POST "$BELLWETHER_URL/api/v1/deployments" \\
  -H "authorization: Bearer $BELLWETHER_TOKEN" \\
  -H "content-type: application/json" \\
  -H "idempotency-key: shop-api-1.4.2" \\
  -d '{"service": "shop-api", "environment": "production", "version": "1.4.2"}'`;

function emptyState(page: IndexPage): Markup {
  if (page.isLaterPage)
    return html`<section class="card empty">
      <h2>No older deployments</h2>
      <p>This is the end of the list.</p>
    </section>`;
  if (isFiltered(page.filters))
    return html`<section class="card empty">
      <h2>No deployment matches</h2>
      <p>Service and environment are matched exactly. <a href="deployments">Show all deployments</a>.</p>
    </section>`;
  return html`<section class="card empty">
    <h2>No deployment yet</h2>
    <p>
      Tell Bellwether when a deployment starts, from your pipeline or by hand, and its verdict appears here:
    </p>
    <div class="scroll" role="region" tabindex="0" aria-label="Example request">
      <pre><code>${example}</code></pre>
    </div>
    <p>
      Metrics come in through <code>POST /api/v1/samples</code>; every field is described in
      <a href="openapi.json">the API’s description</a>. To see it work on a small shop first, run
      <code>npm run demo</code>.
    </p>
  </section>`;
}
