import type { Check, CheckState, TestSummary } from '../domain/check.js';
import type { Acknowledgement, Incident, Note } from '../domain/collaboration.js';
import type { Hold } from '../domain/hold.js';
import type { CheckStanding } from '../domain/required-check.js';
import { byLine } from './author-line.js';
import { badge, type IconName, type Tone } from './icon.js';
import { timeTag } from './instant.js';
import { html, type Markup, type Piece } from './markup.js';
import { personName, releaseVerdict, type ReportPage } from './report-page.js';
import { externalLink } from './safe-link.js';
import { sentence } from './summary.js';

/** What stands beside the metrics: checks, the hold, who has it, incidents, notes and lessons. */
export function besideSection(page: ReportPage, nowMs: number): Piece {
  const { checks, notes, incidents, acknowledgements, hold } = page.collaboration;
  const missing = missingChecks(page);
  const lessons = notes.filter((note) => note.kind === 'lesson');
  const others = notes.filter((note) => note.kind !== 'lesson');
  const all = [checks, missing, notes, incidents, acknowledgements].flat();
  if (all.length === 0 && hold === undefined) return false;
  return html`<section class="card" aria-labelledby="beside">
    <h2 id="beside">Checks and people</h2>
    ${hold !== undefined && holdTag(page, hold, nowMs)} ${checkList(page, missing, nowMs)}
    ${list('Who has this', acknowledgements.toReversed(), (one) => acknowledgementTag(page, one, nowMs))}
    ${list('Incidents', incidents, (one) => incidentTag(page, one, nowMs))}
    ${list('Lessons learned', lessons, (one) => noteTag(page, one, nowMs))}
    ${list('Notes', others, (one) => noteTag(page, one, nowMs))}
  </section>`;
}

function list<Item>(title: string, items: readonly Item[], item: (one: Item) => Markup): Piece {
  if (items.length === 0) return false;
  return html`<h3>${title}</h3>
    <ul class="plain said">
      ${items.map((one) => html`<li>${item(one)}</li>`)}
    </ul>`;
}

const looks: Readonly<Record<CheckState, readonly [Tone, IconName, string]>> = {
  passed: ['good', 'check', 'Passed'],
  failed: ['bad', 'stop', 'Failed'],
  running: ['wait', 'clock', 'Running'],
  expired: ['unsure', 'question', 'Expired'],
};

const kinds: Readonly<Record<Check['kind'], string>> = {
  'smoke-test': 'smoke test',
  junit: 'JUnit report',
  'sign-off': 'sign-off',
  'change-approval': 'change approval',
  custom: 'check',
};

/** Required checks that nobody reported when the verdict was reached. */
function missingChecks(page: ReportPage): readonly CheckStanding[] {
  const reported = new Set(page.collaboration.checks.map(({ name }) => name));
  return (releaseVerdict(page)?.checks ?? []).filter(
    ({ name, revision }) => revision === undefined && !reported.has(name),
  );
}

function checkList(page: ReportPage, missing: readonly CheckStanding[], nowMs: number): Piece {
  const { checks } = page.collaboration;
  if (checks.length + missing.length === 0) return false;
  const required = new Set((page.deployment.policy.requiredChecks ?? []).map(({ name }) => name));
  return html`<h3>Checks</h3>
    <ul class="plain said">
      ${missing.map(
        (one) =>
          html`<li>
            ${badge('unsure', 'question', one.standing === 'overdue' ? 'Overdue' : 'Missing')}
            <strong><bdi>${one.name}</bdi></strong>
            ${requiredTag}${one.step !== undefined && html` at step <bdi>${one.step}</bdi>`}
          </li>`,
      )}
      ${checks.map((check) => html`<li>${checkTag(page, check, required.has(check.name), nowMs)}</li>`)}
    </ul>`;
}

const requiredTag = html`<span class="tag">required</span>`;

function checkTag(page: ReportPage, check: Check, isRequired: boolean, nowMs: number): Markup {
  const { name, kind, state, summary, link, tests, stepIndex, expiresAtMs } = check;
  const [tone, icon, word] = Object.hasOwn(looks, state)
    ? looks[state]
    : (['unsure', 'question', state] as const);
  const step = stepIndex === undefined ? undefined : page.deployment.plannedSteps[stepIndex]?.name;
  return html`${badge(tone, icon, word)} <strong><bdi>${name}</bdi></strong> ${isRequired && requiredTag}
    <span class="soft"
      >${Object.hasOwn(kinds, kind) ? kinds[kind] : kind}${step !== undefined && html`, step <bdi>${step}</bdi>`}</span
    ><br />${byLine(page, check, check.reportedAtMs, nowMs)}${expiresAtMs !== undefined && state === 'passed' && html`, good until ${timeTag(expiresAtMs)}`}
    ${tests !== undefined && testsTag(tests)}
    ${summary !== undefined && html`<div><bdi>${summary}</bdi></div>`}
    ${link !== undefined && html`<div>${externalLink(link, link)}</div>`}`;
}

function testsTag({ tests, failures, errors, skipped, failing }: TestSummary): Markup {
  const more = failures + errors - failing.length;
  const tail = more > 0 && failing.length > 0 ? ` and ${more} more` : '';
  return html`<div>
    ${tests} tests: ${failures} failed, ${errors} with errors, ${skipped}
    skipped${failing.length > 0 && html`<br /><span class="soft">${failing.map((name, index) => html`${index > 0 && ' · '}<bdi>${name}</bdi>`)}${tail}</span>`}
  </div>`;
}

function holdTag(page: ReportPage, hold: Hold, nowMs: number): Markup {
  const end =
    hold.untilMs === undefined ? html`until somebody proceeds` : html`until ${timeTag(hold.untilMs)}`;
  const rollback = hold.stopsRollback
    ? html`<strong>Automatic rollbacks are held back too.</strong>`
    : html`Harm is still rolled back.`;
  return html`<p class="note">
    ${badge('unsure', 'stop', 'On hold')} ${end}:
    <bdi>${sentence(hold.reason)}</bdi> ${rollback}<br />${byLine(page, hold, hold.sinceMs, nowMs)}
  </p>`;
}

function acknowledgementTag(page: ReportPage, one: Acknowledgement, nowMs: number): Markup {
  const [tone, icon, word] =
    one.releasedAtMs === undefined
      ? (['good', 'check', 'Has this'] as const)
      : (['ended', 'replaced', 'Had this'] as const);
  const end =
    one.releasedAtMs !== undefined &&
    html` until
    ${timeTag(one.releasedAtMs)}${one.releasedBy !== undefined && one.releasedBy !== one.actor && html`, ended by <bdi>${personName(page, one.releasedBy)}</bdi>`}`;
  return html`${badge(tone, icon, word)} ${byLine(page, one, one.atMs, nowMs)}${end}
  ${
    one.comment !== undefined &&
    html`<div>
      <q><bdi>${one.comment}</bdi></q>
    </div>`
  }`;
}

function incidentTag(page: ReportPage, one: Incident, nowMs: number): Markup {
  return html`${externalLink(one.title, one.url)}<br /><span class="soft"
      >${byLine(page, one, one.atMs, nowMs)}</span
    >`;
}

function noteTag(page: ReportPage, note: Note, nowMs: number): Markup {
  return html`<div class="written"><bdi>${note.text}</bdi></div>
    <span class="soft">${byLine(page, note, note.atMs, nowMs)}</span>`;
}
