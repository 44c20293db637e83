import type { Rollback, RollbackState } from '../domain/rollback.js';
import { feedbackList } from './feedback-list.js';
import type { Tone, IconName } from './icon.js';
import { badge } from './icon.js';
import { timeWithAge } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import { recoverySentence } from './next-action.js';
import { personName, recoveryOf, type ReportPage } from './report-page.js';
import { recoveryBadge, sentence } from './summary.js';

const states: Readonly<Record<RollbackState, readonly [tone: Tone, icon: IconName, word: string]>> = {
  requested: ['wait', 'clock', 'Requested'],
  executing: ['wait', 'clock', 'Being carried out'],
  executed: ['good', 'check', 'Carried out'],
  failed: ['bad', 'alert', 'Failed'],
  refused: ['unsure', 'stop', 'Refused'],
};

/** Address of another deployment's report, relative to a report. */
export function reportHref(deploymentId: string): string {
  return `../${encodeURIComponent(deploymentId)}/report`;
}

/** What was done: rollbacks with who, why and how it went, the recovery, and what people said of the verdict. */
export function actionSection(page: ReportPage, nowMs: number): Piece {
  const { rollbackOf } = page.deployment;
  if (page.rollbacks.length === 0 && page.feedback.length === 0 && rollbackOf === undefined) return false;
  return html`<section class="card" aria-labelledby="done">
    <h2 id="done">What was done</h2>
    ${rollbackOf !== undefined && html`<p>This deployment is itself the rollback of <a href="${reportHref(rollbackOf)}">${rollbackOf}</a>. It is watched to show recovery and is never rolled back automatically.</p>`}
    ${page.rollbacks.map((rollback) => rollbackTag(page, rollback, nowMs))} ${recovery(page, nowMs)}
    ${feedbackList(page, nowMs)}
  </section>`;
}

function rollbackTag(page: ReportPage, rollback: Rollback, nowMs: number): Markup {
  const [tone, name, word] = Object.hasOwn(states, rollback.state)
    ? states[rollback.state]
    : (['unsure', 'question', rollback.state] as const);
  const who = rollback.automatic
    ? html`Bellwether, automatically`
    : html`<bdi>${personName(page, rollback.actor)}</bdi>`;
  return html`<h3>Rollback ${badge(tone, name, word)}</h3>
    <dl class="pairs">
      <div>
        <dt>Asked by</dt>
        <dd>${who}, ${timeWithAge(rollback.requestedAtMs, nowMs)}</dd>
      </div>
      <div>
        <dt>Reason</dt>
        <dd><bdi>${sentence(rollback.reason)}</bdi></dd>
      </div>
      <div>
        <dt>Executor</dt>
        <dd><bdi>${rollback.executor}</bdi>${rollback.attempts > 1 && ` (${rollback.attempts} attempts)`}</dd>
      </div>
      ${
        rollback.finishedAtMs !== undefined &&
        html`<div>
          <dt>Ended</dt>
          <dd>${timeWithAge(rollback.finishedAtMs, nowMs)}</dd>
        </div>`
      }
      ${
        rollback.detail !== undefined &&
        html`<div>
          <dt>Result</dt>
          <dd><bdi>${rollback.detail}</bdi></dd>
        </div>`
      }
      ${
        rollback.rollbackDeploymentId !== undefined &&
        html`<div>
          <dt>Recorded as</dt>
          <dd><a href="${reportHref(rollback.rollbackDeploymentId)}">${rollback.rollbackDeploymentId}</a></dd>
        </div>`
      }
    </dl>`;
}

function recovery(page: ReportPage, nowMs: number): Piece {
  if (page.deployment.state !== 'rolled-back') return false;
  const known = recoveryOf(page);
  return html`<h3>Recovery ${known !== undefined && recoveryBadge(known.verdict?.value)}</h3>
    <p>${recoverySentence(page, nowMs)}</p>`;
}
