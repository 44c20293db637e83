import { z } from 'zod';
import { judgements, metricRelevance } from './feedback.js';
import { deploymentLabels } from './labels.js';
import { plannedStep, policyInput } from './policy.js';
import { identifier, instant, lineOfText, placeName, prose, share, webAddress } from './scalars.js';
import { optional, strictObject } from './strict-object.js';

export const strategies = ['rolling', 'canary', 'blue-green', 'all-at-once'] as const;
export const changeKinds = ['code', 'config', 'infra', 'database', 'flag'] as const;

const change = strictObject({
  kind: z.enum(changeKinds).default('code'),
  commit: optional(lineOfText(200)),
  committedAt: optional(instant),
  ticket: optional(lineOfText(200)),
  summary: optional(prose(2_000)),
}).transform(({ committedAt, ...rest }) => ({
  ...rest,
  ...(committedAt === undefined ? {} : { committedAtMs: committedAt }),
}));

/** Body of `POST /api/v1/deployments`; the output is what the use case takes, times in milliseconds. */
export const startDeployment = strictObject({
  id: optional(identifier),
  project: optional(placeName()),
  service: placeName(),
  environment: placeName(),
  version: lineOfText(200),
  previousVersion: optional(lineOfText(200)),
  strategy: z.enum(strategies).default('rolling'),
  change: change.prefault({}),
  migration: optional(strictObject({ reversible: z.boolean(), description: optional(prose(2_000)) })),
  dependsOn: z
    .array(strictObject({ service: placeName(), environment: optional(placeName()) }))
    .max(100)
    .default([]),
  labels: deploymentLabels.default({}),
  links: z
    .array(strictObject({ title: lineOfText(200), url: webAddress }))
    .max(50)
    .default([]),
  plannedSteps: z
    .array(plannedStep)
    .min(1)
    .max(50)
    .default([])
    .meta({ description: 'Default: for a canary the steps of its policy, else one step named "full".' }),
  startedAt: optional(instant),
  policy: optional(z.union([lineOfText(100), policyInput])),
})
  .transform(({ startedAt, ...rest }) => ({
    ...rest,
    ...(startedAt === undefined ? {} : { startedAtMs: startedAt }),
  }))
  .meta({
    id: 'StartDeployment',
    description:
      'A deployment that begins. `project` defaults to the project of the token, else `default`; `startedAt` to now; `policy` (a name from the configuration, or one by value) to that of the service, else `default`.',
    example: {
      service: 'checkout',
      environment: 'production',
      version: '2.14.0',
      previousVersion: '2.13.2',
      strategy: 'canary',
      change: { kind: 'code', commit: '9f2c1ab', committedAt: '2026-01-31T11:20:00Z', ticket: 'SHOP-17' },
      labels: { team: 'payments' },
      links: [{ title: 'Pipeline', url: 'https://ci.example.com/run/17' }],
      plannedSteps: [
        { name: 'canary', trafficShare: 0.05 },
        { name: 'full', trafficShare: 1 },
      ],
    },
  });

/** Body of `POST …/steps`. */
export const beginStep = strictObject({
  name: optional(lineOfText(100)),
  trafficShare: optional(share),
  startedAt: optional(instant),
})
  .transform(({ startedAt, ...rest }) => ({
    ...rest,
    ...(startedAt === undefined ? {} : { startedAtMs: startedAt }),
  }))
  .meta({
    id: 'BeginStep',
    description:
      'The next step begins. Name and share default to those of the planned step; `startedAt` to now.',
    example: { name: 'full', trafficShare: 1 },
  });

/** Body of `POST …/finish`: nothing, or an empty object. */
export const finishDeployment = strictObject({}).meta({
  id: 'FinishDeployment',
  description: 'Nothing is asked.',
  example: {},
});

/** Body of `POST …/cancel`. */
export const cancelDeployment = strictObject({ reason: optional(prose(2_000)) }).meta({
  id: 'CancelDeployment',
  example: { reason: 'the pipeline was stopped' },
});

/** Body of `POST …/rollback`. */
export const requestRollback = strictObject({
  reason: optional(prose(2_000)),
  dryRun: z.boolean().default(false),
}).meta({
  id: 'RequestRollback',
  description: '`dryRun` answers what would be done and does nothing. A policy can require the reason.',
  example: { reason: 'checkout errors doubled', dryRun: false },
});

/** Body of `POST …/continue`. */
export const overrideContinue = strictObject({ reason: prose(2_000) }).meta({
  id: 'OverrideContinue',
  description: 'A person takes responsibility for going on against or before the verdict.',
  example: { reason: 'the errors come from a load test' },
});

/** Body of `POST …/feedback`. */
export const giveFeedback = strictObject({
  judgement: optional(z.enum(judgements)),
  metrics: optional(z.array(metricRelevance).min(1).max(200)),
  verdict: optional(z.int().min(1)).meta({
    description: 'Sequence of the verdict that is meant; default: the newest one that looks came to.',
  }),
  retracts: optional(identifier).meta({
    description: 'Id of an earlier entry, which no longer counts; nothing but a comment goes with it.',
  }),
  comment: optional(prose(4_000)),
})
  .superRefine(({ retracts, comment: _comment, ...said }, context) => {
    const [first] = Object.keys(said);
    if (retracts !== undefined && first !== undefined)
      context.addIssue({
        code: 'custom',
        path: [first],
        message: 'does not go with "retracts"; retract first, then say what is right',
      });
    if (retracts === undefined && said.judgement === undefined && said.metrics === undefined)
      context.addIssue({
        code: 'custom',
        path: ['judgement'],
        message: `is missing; give one of ${judgements.join(', ')}, or "metrics", or "retracts"`,
      });
  })
  .meta({
    id: 'GiveFeedback',
    description:
      'Was the verdict right, and which metrics helped? `wrong` is `false-rollback` of a rollback and `missed-harm` of a continue. It tunes prior and weights of watches that begin afterwards, never α.',
    example: { judgement: 'false-rollback', metrics: [{ name: 'queue length', relevance: 'noise' }] },
  });
