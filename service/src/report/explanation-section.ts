import { describeAhead, describeFlip, describeForecast, type ScorerPart } from '@bellwether/models';
import { underNewerLook } from '../app/newer-look.js';
import type { MetricFinding, Verdict } from '../domain/verdict.js';
import { formatDuration, timeTag } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import { judgedVerdict, releaseVerdict, type ReportPage } from './report-page.js';
import { formatNumber, formatP, formatShare } from './units.js';

/** A verdict as the newest look under it shows it. */
export function newestReading({ deployment, evidence }: ReportPage, verdict: Verdict): Verdict {
  return underNewerLook(verdict, evidence, deployment.policy.intervalMs);
}

function list(texts: readonly string[]): Markup {
  return html`<ul class="reasons">
    ${texts.map((text) => html`<li>${text}</li>`)}
  </ul>`;
}

/** What would have changed the verdict, or still can; each was worked out by judging again. */
export function flipList({ deployment }: ReportPage, { explanation, value }: Verdict): Piece {
  if (explanation === undefined) return false;
  const { intervalMs } = deployment.policy;
  const texts = explanation.flips.map((flip) => describeFlip(flip, intervalMs).text);
  const none = value === 'rollback' && texts.length === 0;
  return none
    ? html`<p>No single metric: without any one of them the verdict would be the same.</p>`
    : texts.length > 0 && list(texts);
}

/** How long until a decision, and which limits moving metrics run towards. */
export function aheadList({ deployment }: ReportPage, { explanation, forecasts = [] }: Verdict): Piece {
  const { intervalMs } = deployment.policy;
  const ahead = explanation?.ahead;
  const texts = [
    ...forecasts.map((forecast) => describeForecast(forecast, intervalMs).text),
    ...(ahead === undefined ? [] : [describeAhead(ahead, intervalMs).text]),
  ];
  return (
    texts.length > 0 &&
    html`<h3>What lies ahead</h3>
      ${list(texts)}`
  );
}

const SCORERS: Readonly<Record<string, string>> = {
  'level-shift': 'its level',
  counts: 'its counts',
  spread: 'how much it swings',
  tail: 'how often it is extreme',
  learned: 'its course, to the learned scorer',
};

function scorerWords(name: string): string {
  return (Object.hasOwn(SCORERS, name) ? SCORERS[name] : undefined) ?? name;
}

function windowWords({ windowLooks, restsOn = [] }: ScorerPart, intervalMs: number): string {
  const [heaviest] = restsOn.toSorted((a, b) => b.weight - a.weight);
  if (heaviest !== undefined)
    return `mostly ${formatDuration(heaviest.fromLook * intervalMs)} to ${formatDuration(heaviest.toLook * intervalMs)} after the change`;
  return windowLooks === undefined ? 'everything since the change' : formatDuration(windowLooks * intervalMs);
}

/** Which metric and which scorer spoke, how loudly, over which stretch; nothing where none did. */
export function explanationSection(page: ReportPage): Piece {
  const judged = judgedVerdict(page) ?? releaseVerdict(page);
  const verdict = judged && newestReading(page, judged);
  const { intervalMs } = page.deployment.policy;
  const parts = verdict?.explanation?.metrics ?? [];
  if (verdict === undefined || parts.length === 0) return false;
  const findings = new Map(verdict.findings.map((finding) => [finding.name, finding]));
  const changeAtMs = verdict.asOfMs - verdict.look * intervalMs;
  const rows = parts.flatMap(({ metric, contribution, soloP, scorers }) =>
    (scorers.length === 0 ? [undefined] : scorers).map((scorer, index) => ({
      metric: index === 0 ? { metric, contribution, soloP } : undefined,
      scorer,
    })),
  );
  return html`<section class="card" aria-labelledby="spoke">
    <h2 id="spoke">What spoke</h2>
    <div class="scroll" role="region" tabindex="0" aria-label="Scorers by metric">
      <table>
        <caption>
          A strength of 1 is as extreme as the worst 5 % of this metric’s quiet watches.
        </caption>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Share</th>
            <th scope="col">p alone</th>
            <th scope="col">Seen in</th>
            <th scope="col">Strength</th>
            <th scope="col">Over</th>
            <th scope="col">Loudest</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ metric, scorer }) =>
              html`<tr>
                <th scope="row"><bdi>${metric?.metric ?? ''}</bdi></th>
                <td>${metric === undefined ? '' : formatShare(metric.contribution)}</td>
                <td>${metric === undefined ? '' : formatP(metric.soloP)}</td>
                ${scorer === undefined ? unscannedCells(findings.get(metric?.metric ?? '')) : scorerCells(scorer, intervalMs, changeAtMs)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** Of a metric that no scan was run over: a histogram is judged by the shares above its bounds, one without a past by an e-process. */
function unscannedCells(finding: MetricFinding | undefined): Markup {
  return html`<td>${finding?.quantile === undefined ? 'an e-process' : 'its distribution'}</td>
    <td>–</td>
    <td>–</td>
    <td>–</td>`;
}

function scorerCells(scorer: ScorerPart, intervalMs: number, changeAtMs: number): Markup {
  return html`<td>${scorerWords(scorer.scorer)}</td>
    <td>${formatNumber(Number(scorer.score.toPrecision(2)))}</td>
    <td>${windowWords(scorer, intervalMs)}</td>
    <td>${timeTag(changeAtMs + scorer.atLook * intervalMs)}</td>`;
}
