import type { Author, Check } from '../domain/check.js';
import type { Acknowledgement, Collaboration, Incident, Note } from '../domain/collaboration.js';
import type { Deployment } from '../domain/deployment.js';
import type { Hold } from '../domain/hold.js';
import type { CheckStanding } from '../domain/required-check.js';
import { instantText, optionalInstant } from './instant-text.js';

/** Who said it, by pseudonym: the token, and the person whom it speaks for. */
function presentAuthor({ actor, actorRole, person, personRole }: Author) {
  return {
    token: actor,
    role: actorRole,
    ...(person === undefined ? {} : { person }),
    ...(personRole === undefined ? {} : { personRole }),
  };
}

/** The newest report of a check as API, webhooks and report show it. */
export function presentCheck(check: Check, deployment: Deployment) {
  const { summary, link, tests, stepIndex } = check;
  const step = stepIndex === undefined ? undefined : deployment.plannedSteps[stepIndex]?.name;
  return {
    deploymentId: check.deploymentId,
    name: check.name,
    kind: check.kind,
    state: check.state,
    ...(step === undefined ? {} : { step }),
    ...(summary === undefined ? {} : { summary }),
    ...(link === undefined ? {} : { link }),
    ...(tests === undefined ? {} : { tests }),
    by: presentAuthor(check),
    firstReportedAt: instantText(check.firstReportedAtMs),
    reportedAt: instantText(check.reportedAtMs),
    ...optionalInstant('expiresAt', check.expiresAtMs),
    revision: check.revision,
  };
}

/** How a required check stands. */
export function presentStanding({ reportedAtMs, overdueSinceMs, ...same }: CheckStanding) {
  return {
    ...same,
    ...optionalInstant('reportedAt', reportedAtMs),
    ...optionalInstant('overdueSince', overdueSinceMs),
  };
}

export function presentNote(note: Note) {
  const { id, deploymentId, kind, text } = note;
  return { id, deploymentId, kind, text, by: presentAuthor(note), at: instantText(note.atMs) };
}

export function presentIncident(incident: Incident) {
  const { id, deploymentId, url, title } = incident;
  return { id, deploymentId, url, title, by: presentAuthor(incident), at: instantText(incident.atMs) };
}

/** Who has, or had, the deployment. */
export function presentAcknowledgement(one: Acknowledgement) {
  const { id, deploymentId, comment, releasedBy } = one;
  return {
    id,
    deploymentId,
    ...(comment === undefined ? {} : { comment }),
    by: presentAuthor(one),
    at: instantText(one.atMs),
    ...optionalInstant('releasedAt', one.releasedAtMs),
    ...(releasedBy === undefined ? {} : { releasedBy }),
  };
}

export function presentHold(hold: Hold) {
  const { deploymentId, reason, stopsRollback } = hold;
  return {
    deploymentId,
    reason,
    stopsRollback,
    by: presentAuthor(hold),
    since: instantText(hold.sinceMs),
    ...optionalInstant('until', hold.untilMs),
  };
}

/** Everything beside the metrics, as the deployment itself and its report show it. */
export function presentCollaboration(known: Collaboration, deployment: Deployment) {
  return {
    checks: known.checks.map((check) => presentCheck(check, deployment)),
    notes: known.notes.map(presentNote),
    incidents: known.incidents.map(presentIncident),
    acknowledgements: known.acknowledgements.map(presentAcknowledgement),
    ...(known.hold === undefined ? {} : { hold: presentHold(known.hold) }),
  };
}
