import { actionSection } from './action-section.js';
import { attributionSection } from './attribution-section.js';
import { auditSection } from './audit-section.js';
import { besideSection } from './beside-section.js';
import { changeSection, migrationWarning } from './change-section.js';
import { explanationSection } from './explanation-section.js';
import { evidenceSection } from './evidence-section.js';
import { historySection } from './history-section.js';
import { formatInstant } from './instant.js';
import { html, type Piece } from './markup.js';
import { renderPage } from './page.js';
import { provenanceSection } from './provenance-section.js';
import { isMoving, releaseVerdict, type ReportPage } from './report-page.js';
import { situate } from './situation.js';
import { groundsSection, summarySection } from './summary.js';

/** A page is loaded again as often as something can have changed, in seconds. */
const refreshBounds = { least: 5, most: 60 } as const;

/**
 * The report of one deployment as a whole HTML document: self-contained, no script.
 * @param page all that is known of the deployment
 * @param nowMs the present, for "14 min ago"
 * @param nonce of the response's content security policy, for the style element
 * @param options `refresh: false` stops the page from loading itself again while it can still change
 */
export function renderReport(
  page: ReportPage,
  nowMs: number,
  nonce: string,
  options: { readonly refresh: boolean } = { refresh: true },
): string {
  const { deployment } = page;
  const situation = situate(deployment, releaseVerdict(page));
  const moving = isMoving(page);
  const seconds = Math.min(
    refreshBounds.most,
    Math.max(refreshBounds.least, Math.round(deployment.policy.intervalMs / 1000)),
  );
  return renderPage({
    title: `${situation.word}: ${deployment.service} ${deployment.version} (${deployment.environment})`,
    nonce,
    tone: situation.tone,
    ...(moving && options.refresh ? { refreshSeconds: seconds } : {}),
    trail: html`<nav aria-label="Where this is">
      <a href="../../deployments">Deployments</a> <span aria-hidden="true">/</span>
      <bdi>${deployment.service}</bdi> <bdi>${deployment.version}</bdi>
    </nav>`,
    body: [
      summarySection(page, nowMs),
      migrationWarning(deployment),
      actionSection(page, nowMs),
      groundsSection(page),
      explanationSection(page),
      attributionSection(page),
      besideSection(page, nowMs),
      evidenceSection(page),
      historySection(page, nowMs),
      changeSection(page),
      provenanceSection(page),
      auditSection(page),
      footer(nowMs, moving ? (options.refresh ? seconds : 'stopped') : undefined),
    ],
  });
}

function footer(nowMs: number, refreshing: number | 'stopped' | undefined): Piece {
  const state =
    refreshing === undefined
      ? false
      : refreshing === 'stopped'
        ? html` · <a href="report">load again every few seconds</a>`
        : html` · loads again every ${refreshing} s · <a href="?refresh=off">stop that</a>`;
  return html`<footer>
    As of ${formatInstant(nowMs)}${state} · <a href="report.json">the same as JSON</a>
  </footer>`;
}
