import { retractedIn, type Feedback, type Relevance } from '../domain/feedback.js';
import { badge, type IconName, type Tone } from './icon.js';
import { timeWithAge } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import { personName, type ReportPage } from './report-page.js';

const judgements: Readonly<Record<string, readonly [Tone, IconName, string]>> = {
  right: ['good', 'check', 'The verdict was right'],
  wrong: ['bad', 'stop', 'The verdict was wrong'],
  'false-rollback': ['bad', 'stop', 'There was no harm'],
  'missed-harm': ['bad', 'alert', 'There was harm'],
  unsure: ['unsure', 'question', 'Unsure'],
};

/** What people said of the verdict; what was taken back is struck through and stays. */
export function feedbackList(page: ReportPage, nowMs: number): Piece {
  if (page.feedback.length === 0) return false;
  const gone = retractedIn(page.feedback);
  return html`<h3>What people said</h3>
    <ul class="reasons">
      ${page.feedback.map((said) => {
        const line = entry(page, said, nowMs);
        return gone.has(said.id)
          ? html`<li><s>${line}</s> <span class="soft">taken back</span></li>`
          : html`<li>${line}</li>`;
      })}
    </ul>`;
}

function entry(page: ReportPage, said: Feedback, nowMs: number): Markup {
  return html`${badge(...wordOf(said))} <bdi>${personName(page, said.actor)}</bdi>,
    ${timeWithAge(said.atMs, nowMs)}${metricsOf(said, 'useful')}${metricsOf(said, 'noise')}${said.comment !== undefined && html`: <q><bdi>${said.comment}</bdi></q>`}`;
}

function wordOf({ judgement, retracts, metrics }: Feedback): readonly [Tone, IconName, string] {
  if (retracts !== undefined) return ['unsure', 'question', 'Took feedback back'];
  if (judgement === undefined && metrics !== undefined) return ['wait', 'question', 'On its metrics'];
  const shown = judgement ?? 'unsure';
  return (Object.hasOwn(judgements, shown) ? judgements[shown] : undefined) ?? ['unsure', 'question', shown];
}

const relevances: Readonly<Record<Relevance, string>> = { useful: 'helped', noise: 'only noise' };

function metricsOf({ metrics = [] }: Feedback, wanted: Relevance): Piece {
  const named = metrics.filter(({ relevance }) => relevance === wanted);
  return (
    named.length > 0 &&
    html`; ${relevances[wanted]}:
    ${named.map(({ name }, index) => html`${index > 0 && ', '}<bdi>${name}</bdi>`)}`
  );
}
