import type { MetricPlot } from '../domain/evidence.js';
import type { MetricSpec } from '../domain/policy.js';
import type { MetricFinding, Verdict } from '../domain/verdict.js';
import { html, type Markup, type Piece } from './markup.js';
import { discoveryNote } from './discovery-note.js';
import { focusPlot } from './focus-plot.js';
import { metricCard, shownStatus, statusBadge } from './metric-card.js';
import {
  currentWatch,
  judgedVerdict,
  rankedFindings,
  releaseVerdict,
  type ReportPage,
} from './report-page.js';

/** Cards of quiet metrics that are shown without being asked for. */
const openQuietCards = 6;

/** Every metric's evidence, what decided most first; many quiet ones wait behind a disclosure. */
export function evidenceSection(page: ReportPage): Markup {
  const verdict = judgedVerdict(page);
  const findings = verdict === undefined ? [] : rankedFindings(verdict);
  if (findings.length === 0) return waiting(page);
  const cards = findings.map((finding, index) => ({ finding, card: card(page, finding, verdict, index) }));
  const loud = cards.filter(({ finding }, index) => finding.status !== 'quiet' || index < openQuietCards);
  const rest = cards.filter((entry) => !loud.includes(entry));
  return html`<section aria-labelledby="evidence">
    <h2 id="evidence">Evidence by metric</h2>
    ${counts(page, findings)} ${notes(page, verdict)} ${discoveryNote(page)}
    <div class="cards">${loud.map(({ card: tag }) => tag)}</div>
    ${
      rest.length > 0 &&
      html`<details class="more">
        <summary>${rest.length} more quiet ${rest.length === 1 ? 'metric' : 'metrics'}</summary>
        <div class="cards">${rest.map(({ card: tag }) => tag)}</div>
      </details>`
    }
  </section>`;
}

function specOf({ deployment }: ReportPage, { name }: MetricFinding): MetricSpec | undefined {
  return deployment.policy.metrics.find((metric) => metric.name === name);
}

function card(page: ReportPage, finding: MetricFinding, verdict: Verdict | undefined, index: number): Markup {
  const { evidence, deployment } = page;
  const spec = specOf(page, finding);
  const plot: MetricPlot | undefined = focusPlot(
    evidence?.plots.find((candidate) => candidate.name === finding.name),
    evidence?.changeAtMs,
  );
  const watch = page.watches.find((candidate) => candidate.id === verdict?.watchId) ?? currentWatch(page);
  return metricCard({
    id: `m${index}`,
    finding,
    steps: page.steps,
    changeAtMs: evidence?.changeAtMs ?? watch?.changeAtMs ?? deployment.startedAtMs,
    ...(spec === undefined ? {} : { spec }),
    ...(plot === undefined ? {} : { plot }),
  });
}

function counts(page: ReportPage, findings: readonly MetricFinding[]): Markup {
  const statuses = ['harmed', 'changed', 'insufficient', 'moved', 'quiet'] as const;
  const shown = findings.map((finding) => shownStatus(finding, specOf(page, finding)));
  const found = statuses.map((status) => ({ status, count: shown.filter((one) => one === status).length }));
  return html`<p class="chips">
    ${found.filter(({ count }) => count > 0).map(({ status, count }) => html`<span>${count} × ${statusBadge(status)}</span> `)}
  </p>`;
}

function notes(page: ReportPage, verdict: Verdict | undefined): Piece {
  const newest = releaseVerdict(page);
  const older =
    newest !== verdict &&
    html`<p class="note">
      The newest verdict says nothing of single metrics; this is what the data showed at verdict
      #${verdict?.sequence ?? 0}.
    </p>`;
  const blank =
    page.evidence === undefined &&
    html`<p class="note">
      No samples are kept for this verdict (evidence is kept when a verdict changes, for as long as the
      retention says), so nothing can be drawn. The figures below are the verdict’s own.
    </p>`;
  return [older, blank];
}

function waiting(page: ReportPage): Markup {
  const { metrics } = page.deployment.policy;
  return html`<section class="card" aria-labelledby="evidence">
    <h2 id="evidence">Evidence by metric</h2>
    <p>
      Nothing was judged yet.
      ${metrics.length === 0 ? 'The policy names no metric.' : `${metrics.length} ${metrics.length === 1 ? 'metric is' : 'metrics are'} to be judged:`}
    </p>
    <ul class="plain">
      ${metrics.map((metric) => html`<li><bdi>${metric.name}</bdi>${metric.missing === 'required' && html` <span class="tag">required</span>`}</li>`)}
    </ul>
    ${discoveryNote(page)}
  </section>`;
}
