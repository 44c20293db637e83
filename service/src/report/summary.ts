import type { Verdict } from '../domain/verdict.js';
import { peopleChips } from './author-line.js';
import { sentenceOf } from '../app/present-explanation.js';
import { aheadList, flipList, newestReading } from './explanation-section.js';
import { badge, icon } from './icon.js';
import { timeWithAge } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import { nextAction } from './next-action.js';
import { currentWatch, latestRollback, recoveryOf, releaseVerdict, type ReportPage } from './report-page.js';
import { flipSentence, guaranteeWords, pAgainstAlpha, pMeaning, ruleSentence } from './rule-words.js';
import { lookOf, recoveryLook, situate, verdictLook } from './situation.js';
import { formatP, formatShare } from './units.js';

/** A sentence as people write it: engine texts begin small and end without a stop. */
export function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}

/** The first screen: verdict in words, what to do now, and how far the watch is. */
export function summarySection(page: ReportPage, nowMs: number): Markup {
  const verdict = releaseVerdict(page);
  const situation = situate(page.deployment, verdict);
  return html`<section class="hero ${situation.tone}" aria-labelledby="verdict">
    <h1 id="verdict">
      <span class="word">${icon(situation.icon)} ${situation.word}</span> <span class="dash">—</span>
      <bdi>${situation.sentence}</bdi>
    </h1>
    ${verdict !== undefined && html`<p class="lead"><bdi>${sentenceOf(newestReading(page, verdict), page.deployment).text}</bdi></p>`}
    ${identity(page, verdict, nowMs)}
    <p class="now"><strong>Now</strong> <span>${nextAction(page, nowMs)}</span></p>
    ${overtaken(page, verdict)} ${progress(page, verdict)} ${peopleChips(page)}
  </section>`;
}

/** How sure, by which rule, why, and what would change it. */
export function groundsSection(page: ReportPage): Markup {
  const verdict = releaseVerdict(page);
  return verdict === undefined ? noVerdict(page) : grounds(page, verdict);
}

function identity({ deployment }: ReportPage, verdict: Verdict | undefined, nowMs: number): Markup {
  const versions =
    deployment.previousVersion === undefined
      ? html`<bdi>${deployment.version}</bdi>`
      : html`<bdi>${deployment.previousVersion}</bdi> <span aria-label="to">→</span>
          <bdi>${deployment.version}</bdi>`;
  const step =
    deployment.plannedSteps.length < 2 || verdict === undefined
      ? false
      : stepName(deployment.plannedSteps, verdict.stepIndex);
  return html`<dl class="facts">
    <div>
      <dt>Service</dt>
      <dd><bdi>${deployment.service}</bdi></dd>
    </div>
    <div>
      <dt>Environment</dt>
      <dd><bdi>${deployment.environment}</bdi></dd>
    </div>
    <div>
      <dt>Version</dt>
      <dd>${versions}</dd>
    </div>
    <div>
      <dt>Changed</dt>
      <dd>${timeWithAge(deployment.startedAtMs, nowMs)}</dd>
    </div>
    ${
      verdict !== undefined &&
      html`<div>
        <dt>${verdict.value === 'pending' ? 'Last change' : 'Decided'}</dt>
        <dd>${timeWithAge(verdict.decidedAtMs, nowMs)}</dd>
      </div>`
    }
    ${
      step !== false &&
      html`<div>
        <dt>Step</dt>
        <dd>${step}</dd>
      </div>`
    }
  </dl>`;
}

function stepName(planned: ReportPage['deployment']['plannedSteps'], index: number): Markup {
  const step = planned[index];
  const share = step?.trafficShare === undefined ? '' : `, ${formatShare(step.trafficShare)} of traffic`;
  return html`${index + 1} of
  ${planned.length}${step !== undefined && html`: <bdi>${step.name}</bdi>${share}`}`;
}

/** The verdict itself, where what was done since has taken the headline; and the recovery. */
function overtaken(page: ReportPage, verdict: Verdict | undefined): Piece {
  const { state } = page.deployment;
  if (state !== 'rolled-back' && state !== 'rolling-back' && state !== 'rollback-failed') return false;
  const said = verdict === undefined ? false : html`<span>Verdict ${lookBadge(verdict.value)}</span>`;
  const recovery = recoveryOf(page);
  const recovered =
    recovery === undefined ? false : html`<span>${recoveryBadge(recovery.verdict?.value)}</span>`;
  const automatic =
    latestRollback(page)?.automatic === true ? html`<span>Carried out automatically</span>` : false;
  return html`<p class="chips">${said} ${recovered} ${automatic}</p>`;
}

/** The recovery after a rollback; undefined while no look was judged. */
export function recoveryBadge(value: string | undefined): Markup {
  const look = recoveryLook(value ?? 'pending');
  return badge(look.tone, look.icon, look.word);
}

/** A verdict with its icon and colour, and what it waits for where it waits for people. */
export function verdictBadge(verdict: Pick<Verdict, 'value' | 'rule'>): Markup {
  const look = lookOf(verdict);
  return badge(look.tone, look.icon, look.word);
}

/** A verdict's value with its icon and colour. */
export function lookBadge(value: string): Markup {
  const look = verdictLook(value);
  return badge(look.tone, look.icon, look.word);
}

function progress(page: ReportPage, verdict: Verdict | undefined): Piece {
  const watch = currentWatch(page);
  if (watch?.state !== 'watching' || (verdict !== undefined && verdict.value !== 'pending')) return false;
  return html`<p class="progress">
    <progress id="looks" max="${watch.plannedLooks}" value="${watch.lastLook}"></progress>
    <label for="looks">${watch.lastLook} of ${watch.plannedLooks} looks</label>
  </p>`;
}

function noVerdict({ deployment }: ReportPage): Markup {
  return html`<section class="card" aria-labelledby="why">
    <h2 id="why">Why there is no verdict yet</h2>
    <p>
      ${
        deployment.state === 'running' || deployment.state === 'finished'
          ? 'Bellwether gathers this service’s history, replays quiet stretches of it, and waits for the first complete interval after the change. No data never becomes a continue.'
          : 'The deployment ended before a look was judged.'
      }
    </p>
  </section>`;
}

function grounds(page: ReportPage, verdict: Verdict): Markup {
  return html`<div class="columns">
    <section class="card" aria-labelledby="trust">
      <h2 id="trust">How sure, and by which rule</h2>
      ${trust(page, verdict)}
    </section>
    <section class="card" aria-labelledby="why">
      <h2 id="why">Why</h2>
      ${reasonList(verdict.reasons.map((reason) => reason.text))}
      <h3>What would change it</h3>
      <p>${flipSentence(verdict.value, verdict.rule)}</p>
      ${flipList(page, newestReading(page, verdict))} ${aheadList(page, newestReading(page, verdict))}
      ${
        verdict.stillNeeded.length > 0 &&
        html`<h3>Still needed</h3>
          ${reasonList(verdict.stillNeeded.map((reason) => reason.text))}`
      }
      ${
        verdict.brakes.length > 0 &&
        html`<h3>Brakes on automatic action</h3>
          ${reasonList(verdict.brakes.map((applied) => applied.text))}`
      }
    </section>
  </div>`;
}

function reasonList(texts: readonly string[]): Markup {
  if (texts.length === 0) return html`<p class="soft">No reason was recorded.</p>`;
  return html`<ul class="reasons">
    ${texts.map((text) => html`<li>${sentence(text)}</li>`)}
  </ul>`;
}

function trust({ deployment }: ReportPage, verdict: Verdict): Markup {
  const guarantee = guaranteeWords(verdict.guarantee);
  const release = deployment.policy.alpha;
  const share =
    Math.abs(release - verdict.alpha) > 1e-12
      ? ` This step’s share of the release’s α = ${formatP(release)}.`
      : '';
  return html`<dl class="pairs">
    ${
      verdict.confidence !== undefined &&
      html`<div>
        <dt>Confidence</dt>
        <dd><strong>${formatShare(verdict.confidence)}</strong></dd>
      </div>`
    }
    <div>
      <dt>Probability of harm</dt>
      <dd>
        ${formatShare(verdict.harmProbability)}
        <span class="soft">(${formatShare(verdict.prior)} before looking)</span>
      </dd>
    </div>
    <div>
      <dt>Evidence</dt>
      <dd>
        <strong>${pAgainstAlpha(verdict)}</strong><br /><span class="soft">${pMeaning(verdict)}${share}</span>
      </dd>
    </div>
    <div>
      <dt>Guarantee</dt>
      <dd><strong>${guarantee.name}</strong><br /><span class="soft">${guarantee.meaning}</span></dd>
    </div>
    <div>
      <dt>Rule</dt>
      <dd>${ruleSentence(verdict.rule)} <code>${verdict.rule}</code></dd>
    </div>
  </dl>`;
}
