import { z } from 'zod';
import { checkStates, noteKinds } from './collaboration.js';
import { checkKinds, checkName } from './required-checks.js';
import { instant, lineOfText, prose, webAddress } from './scalars.js';
import { optional, strictObject } from './strict-object.js';

const person = strictObject({ name: lineOfText(100), role: optional(lineOfText(100)) }).meta({
  id: 'StatedPerson',
  description: 'The person whom the token speaks for. The name is kept apart and can be deleted.',
  example: { name: 'Ada Okafor', role: 'release manager' },
});

const stepName = lineOfText(100).meta({ description: 'A planned step; absent: the whole release.' });

/** Body of `POST …/checks`. */
export const reportCheck = strictObject({
  name: checkName,
  kind: z.enum(checkKinds),
  state: z.enum(checkStates),
  step: optional(stepName),
  summary: optional(prose(1_000)),
  link: optional(webAddress),
  expiresAt: optional(instant).meta({ description: 'A pass counts until then; absent: for good.' }),
  by: optional(person),
})
  .transform(({ expiresAt, ...rest }) => ({
    ...rest,
    ...(expiresAt === undefined ? {} : { expiresAtMs: expiresAt }),
  }))
  .meta({
    id: 'ReportCheck',
    description:
      'A check as it stands now; the newest report of a name counts. A sign-off names the person who gives it and their role.',
    example: {
      name: 'release sign-off',
      kind: 'sign-off',
      state: 'passed',
      summary: 'looked at the canary for ten minutes',
      link: 'https://tickets.example.com/CHG-17',
      by: { name: 'Ada Okafor', role: 'release manager' },
    },
  });

/** Query of `POST …/checks` with a JUnit report as its body. */
export const junitQuery = strictObject({
  name: checkName,
  step: optional(stepName),
  link: optional(webAddress),
});

/** Body of `POST …/hold`. */
export const holdDeployment = strictObject({
  reason: prose(1_000),
  until: optional(instant).meta({
    description: 'It lapses then; absent: it stands until somebody proceeds.',
  }),
  stopsRollback: z.boolean().default(false).meta({
    description: 'True: automatic rollbacks are held back too. By default harm is still rolled back.',
  }),
  by: optional(person),
})
  .transform(({ until, ...rest }) => ({ ...rest, ...(until === undefined ? {} : { untilMs: until }) }))
  .meta({
    id: 'HoldDeployment',
    description: 'Until it is lifted the verdict is `pending` or `rollback`, whatever the metrics say.',
    example: { reason: 'the payment provider is having an incident', until: '2026-01-31T14:00:00Z' },
  });

/** Body of `POST …/proceed`. */
export const proceedDeployment = strictObject({ reason: prose(1_000), by: optional(person) }).meta({
  id: 'ProceedDeployment',
  example: { reason: 'the provider is back' },
});

/** Body of `POST …/acknowledge`: nothing, or an empty object, means "I have this". */
export const acknowledgeDeployment = strictObject({
  comment: optional(prose(1_000)),
  release: z.boolean().default(false).meta({ description: 'True: I do not have it any more.' }),
  by: optional(person),
}).meta({ id: 'AcknowledgeDeployment', description: '"I have this."', example: { comment: 'on it' } });

/** Body of `POST …/notes`. */
export const addNote = strictObject({
  kind: z.enum(noteKinds).default('note').meta({ description: 'lesson: what the next release should know.' }),
  text: prose(4_000),
  by: optional(person),
}).meta({ id: 'AddNote', example: { kind: 'lesson', text: 'warm the cache before the second step' } });

/** Body of `POST …/incidents`. */
export const linkIncident = strictObject({
  url: webAddress,
  title: lineOfText(200),
  by: optional(person),
}).meta({
  id: 'LinkIncident',
  description: 'The address is shown as a link and never fetched.',
  example: { url: 'https://incidents.example.com/204', title: 'Checkout is slow' },
});
