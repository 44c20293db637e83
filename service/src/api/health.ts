import { z } from 'zod';
import { countedShare } from './calibration.js';
import { instantOut } from './scalars.js';
import { optional } from './strict-object.js';
import { verdictValues } from './verdict.js';

const summary = {
  deployments: z.int().meta({ description: 'Releases that began; rollbacks are none.' }),
  verdicts: z
    .partialRecord(z.enum(verdictValues), z.int())
    .meta({ description: 'Releases by their newest verdict.' }),
  changeFailures: countedShare.meta({
    description:
      'The change failure rate (DORA: deployments that need immediate intervention, such as a rollback or a hotfix). A release failed when people say that it did harm, or, where they say nothing, when it was rolled back or its verdict is `rollback`. Releases without an outcome yet and cancelled ones do not count.',
  }),
  secondsToVerdict: optional(
    z.object({ count: z.int(), median: z.number(), p90: z.number() }).meta({
      description: 'From the start to the first verdict other than `pending`.',
    }),
  ),
  freshChecks: countedShare.meta({
    description: 'Quiet moments, at which nothing was deployed, that were rolled back: to be held against α.',
  }),
};

const period = z.object({ from: instantOut, to: instantOut, ...summary }).meta({ id: 'HealthPeriod' });

/** Answer of `GET /api/v1/health`. */
export const health = z
  .object({
    project: z.string(),
    from: instantOut,
    to: instantOut,
    items: z
      .array(
        z.object({
          service: z.string(),
          environment: z.string(),
          total: z.object(summary).meta({ id: 'HealthSummary' }),
          periods: z.array(period).readonly(),
        }),
      )
      .readonly(),
    nextCursor: optional(z.string()),
  })
  .meta({
    id: 'DeploymentHealth',
    description: 'One item for each service and environment; periods in which nothing happened are left out.',
  });
