import { z } from 'zod';
import { placeName, prose, instantOut } from './scalars.js';
import { optional, strictObject } from './strict-object.js';
import { tuning } from './tuning.js';

/** A share of so many, with the interval of the true rate. */
export const countedShare = z
  .object({
    count: z.int(),
    of: z.int(),
    rate: optional(z.number()),
    low: z.number(),
    high: z.number(),
  })
  .meta({ id: 'CountedShare', description: 'A share of so many with its interval; without `rate` of none.' });

const bin = z.object({
  from: z.number(),
  to: z.number(),
  said: optional(z.number()).meta({ description: 'Mean `harmProbability` of the releases in it.' }),
  was: countedShare.meta({ description: 'Those that did harm.' }),
});

const labelled = z
  .object({
    releases: z.int(),
    labelled: z.int(),
    harmful: z.int(),
    falseRollbacks: countedShare,
    missedHarm: countedShare,
    brier: optional(z.number()),
    brierSkill: optional(z.number()),
    bins: z.array(bin).readonly(),
    level: z.number(),
  })
  .meta({
    id: 'LabelledHistory',
    description:
      'The newest 100 releases against what people said of them. People speak of rollbacks more often than of releases that went well, so `falseRollbacks` tends to be too high; `freshChecks` has no such bias.',
  });

const freshChecks = z
  .object({
    alpha: z.number(),
    judged: z.int(),
    rolledBack: z.int(),
    rate: optional(z.number()),
    low: z.number(),
    high: z.number(),
    level: z.number(),
    notJudged: z.int(),
    isOff: z.boolean().meta({ description: 'The whole interval lies above α.' }),
    newestAt: optional(instantOut),
  })
  .meta({
    id: 'FreshChecks',
    description:
      'Quiet moments, at which nothing was deployed and which calibrated nothing, judged as if something had been: each rollback would have been a false one. The interval holds at every check at once.',
  });

const environmentCalibration = z.object({
  environment: z.string(),
  policy: z.string().meta({ description: 'By which the newest release was judged.' }),
  alpha: z.number(),
  prior: z.number().meta({ description: 'What the policy declares.' }),
  feedback: z.enum(['on', 'off']),
  tuning: optional(tuning).meta({ description: 'What a watch that begins now is tuned by.' }),
  labelled,
  freshChecks,
});

/** Answer of `GET /api/v1/services/{service}/calibration`. */
export const serviceCalibration = z
  .object({ project: z.string(), service: z.string(), items: z.array(environmentCalibration).readonly() })
  .meta({ id: 'ServiceCalibration', description: 'One item an environment.' });

/** Body of `POST /api/v1/services/{service}/tuning/reset`. */
export const resetTuning = strictObject({
  project: optional(placeName()),
  environment: placeName(),
  reason: prose(2_000),
}).meta({
  id: 'ResetTuning',
  example: { environment: 'production', reason: 'the queue was replaced; what we learned of it is void' },
});

/** Answer of `POST /api/v1/services/{service}/tuning/reset`. */
export const tuningReset = z
  .object({
    project: z.string(),
    service: z.string(),
    environment: z.string(),
    reason: z.string(),
    actor: z.string(),
    at: instantOut,
  })
  .meta({ id: 'TuningReset' });
