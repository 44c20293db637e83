import type { Verdict } from '../domain/verdict.js';
import { formatDuration, timeTag, timeWithAge } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import type { ReportPage } from './report-page.js';
import { pAgainstAlpha, ruleSentence } from './rule-words.js';
import { lookBadge, sentence, verdictBadge } from './summary.js';
import { timelinePlot, type TimelineWatch } from './timeline-plot.js';
import { formatShare } from './units.js';

/** How the verdict came about: p at every look, every change of verdict, and the steps. */
export function historySection(page: ReportPage, nowMs: number): Markup {
  const plot = timelinePlot(watchesOf(page), page.verdicts);
  return html`<section class="card" aria-labelledby="history">
    <h2 id="history">How the verdict came about</h2>
    ${
      plot === undefined
        ? html`<p class="soft">No look is on record.</p>`
        : html`<figure>
            <div class="plot-box">${plot}</div>
            <figcaption>${legend(page)}</figcaption>
          </figure>`
    }
    ${changes(page.verdicts, nowMs)} ${steps(page)}
  </section>`;
}

function legend(page: ReportPage): Markup {
  const values = [...new Set(page.ticks.map((tick) => tick.value))];
  const sample = (shape: Markup): Markup =>
    html`<svg class="sample" width="22" height="12" aria-hidden="true" focusable="false">${shape}</svg>`;
  return html`<ul class="legend">
    <li>${sample(html`<path class="line live" d="M1 6h20" />`)} p at each look, rarer upwards</li>
    <li>${sample(html`<path class="limit" d="M1 6h20" />`)} α: above it the evidence suffices</li>
    <li>${sample(html`<path class="marker verdict" d="M11 0v12" />`)} the verdict changed</li>
    <li>strip below: ${values.map((value) => html`${lookBadge(value)} `)}</li>
  </ul>`;
}

function watchesOf(page: ReportPage): readonly TimelineWatch[] {
  return page.watches
    .map((watch) => ({
      alpha: watch.alpha,
      ticks: page.ticks.filter((tick) => tick.watchId === watch.id).toSorted((a, b) => a.look - b.look),
    }))
    .filter(({ ticks }) => ticks.length > 0);
}

function changes(verdicts: readonly Verdict[], nowMs: number): Piece {
  if (verdicts.length === 0) return false;
  return html`<h3>Changes of the verdict, newest first</h3>
    <ol class="changes" reversed>
      ${verdicts.map(
        (verdict) =>
          html`<li value="${verdict.sequence}">
            ${verdictBadge(verdict)} ${timeWithAge(verdict.decidedAtMs, nowMs)}, look ${verdict.look}<br /><span
              class="soft"
              >${ruleSentence(verdict.rule)} ${pAgainstAlpha(verdict)}; probability of harm
              ${formatShare(verdict.harmProbability)}.</span
            >${verdict.reasons[0] !== undefined && html`<br /><bdi>${sentence(verdict.reasons[0].text)}</bdi>`}
          </li>`,
      )}
    </ol>`;
}

function steps({ steps: begun, deployment }: ReportPage): Piece {
  if (deployment.plannedSteps.length < 2 && begun.length < 2) return false;
  const waiting = deployment.plannedSteps.slice(begun.length);
  return html`<h3>Steps</h3>
    <ol class="plain numbered">
      ${begun.map((step) => {
        const length =
          step.endedAtMs === undefined
            ? 'going on'
            : `lasted ${formatDuration(step.endedAtMs - step.startedAtMs)}`;
        return html`<li>
          <bdi>${step.name}</bdi>${trafficOf(step.trafficShare)}: began ${timeTag(step.startedAtMs)},
          ${length}
        </li>`;
      })}${waiting.map((step) => html`<li class="soft"><bdi>${step.name}</bdi>${trafficOf(step.trafficShare)}: not begun</li>`)}
    </ol>`;
}

function trafficOf(share: number | undefined): string {
  return share === undefined ? '' : ` (${formatShare(share)} of traffic)`;
}
