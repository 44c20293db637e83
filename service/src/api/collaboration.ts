import { z } from 'zod';
import { checkKinds } from './required-checks.js';
import { instantOut } from './scalars.js';
import { optional } from './strict-object.js';
import { checkStanding, verdict } from './verdict.js';

export const checkStates = ['passed', 'failed', 'running', 'expired'] as const;
export const noteKinds = ['note', 'lesson'] as const;

const author = z
  .object({
    token: z.string().meta({ description: 'Pseudonym of the token that was used.' }),
    role: z.string(),
    person: optional(z.string()).meta({ description: 'Pseudonym of the person whom it speaks for.' }),
    personRole: optional(z.string()),
  })
  .meta({ id: 'Author', description: 'Who said it. Names stand in the report while they may be known.' });

const tests = z
  .object({
    tests: z.int(),
    failures: z.int(),
    errors: z.int(),
    skipped: z.int(),
    failing: z.array(z.string()).readonly().meta({ description: 'The first names of those that failed.' }),
  })
  .meta({ id: 'TestSummary', description: 'A test run in numbers.' });

/** The newest report of a check. */
export const check = z
  .object({
    deploymentId: z.string(),
    name: z.string(),
    kind: z.enum(checkKinds),
    state: z.enum(checkStates),
    step: optional(z.string()),
    summary: optional(z.string()),
    link: optional(z.string()),
    tests: optional(tests),
    by: author,
    firstReportedAt: instantOut,
    reportedAt: instantOut,
    expiresAt: optional(instantOut),
    revision: z.int().meta({ description: 'Number of reports.' }),
  })
  .meta({ id: 'Check', description: 'The newest report of a named check; it is the one that counts.' });

/** Answer of `GET …/checks`. */
export const checkList = z
  .object({
    items: z.array(check).readonly(),
    required: z
      .array(checkStanding)
      .readonly()
      .meta({ description: 'How the checks stand that the policy requires at the newest step.' }),
  })
  .meta({ id: 'CheckList' });

export const note = z
  .object({
    id: z.string(),
    deploymentId: z.string(),
    kind: z.enum(noteKinds),
    text: z.string(),
    by: author,
    at: instantOut,
  })
  .meta({ id: 'Note' });

export const noteList = z.object({ items: z.array(note).readonly() }).meta({ id: 'NoteList' });

export const incident = z
  .object({
    id: z.string(),
    deploymentId: z.string(),
    url: z.string(),
    title: z.string(),
    by: author,
    at: instantOut,
  })
  .meta({ id: 'Incident', description: 'A link to where an incident is worked on; shown, never fetched.' });

export const acknowledgement = z
  .object({
    id: z.string(),
    deploymentId: z.string(),
    comment: optional(z.string()),
    by: author,
    at: instantOut,
    releasedAt: optional(instantOut),
    releasedBy: optional(z.string()).meta({ description: 'Pseudonym of who released it or took over.' }),
  })
  .meta({ id: 'Acknowledgement', description: 'Who has the deployment, or had it until `releasedAt`.' });

const hold = z
  .object({
    deploymentId: z.string(),
    reason: z.string(),
    stopsRollback: z.boolean(),
    by: author,
    since: instantOut,
    until: optional(instantOut),
  })
  .meta({ id: 'Hold', description: 'A person’s word that the deployment must not go on.' });

/** Answer of `POST …/hold` and `POST …/proceed`. */
export const holdAnswer = z
  .object({ held: z.boolean(), hold: optional(hold), verdict })
  .meta({ id: 'HoldAnswer', description: 'The hold, if one stands, and the verdict that counts now.' });

/** What stands beside the metrics, as part of a deployment. */
export const collaborationShape = {
  checks: z.array(check).readonly(),
  notes: z.array(note).readonly(),
  incidents: z.array(incident).readonly(),
  acknowledgements: z.array(acknowledgement).readonly(),
  hold: optional(hold),
} as const;
