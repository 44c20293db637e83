import { z } from 'zod';
import { instantOut } from './scalars.js';
import { optional } from './strict-object.js';

const cause = z
  .object({
    deployment: optional(z.string()),
    service: optional(z.string()),
    version: optional(z.string()),
    share: z.number().meta({ description: 'Of the posterior, 0–1.' }),
    reasons: z.array(z.string()).readonly(),
  })
  .meta({
    id: 'RankedCause',
    description:
      'A deployment of the time, or something else (without "deployment"), and why it is likely or not.',
  });

const onset = z
  .object({
    at: instantOut,
    from: instantOut,
    to: instantOut,
    level: z.number().meta({ description: 'Credibility of the interval, e.g. 0.9.' }),
    beforeDeployment: z.boolean().meta({ description: 'It began clearly before this deployment.' }),
  })
  .meta({ id: 'ShiftOnset', description: 'When the shift began.' });

const contrast = z
  .object({
    metric: z.string(),
    own: z.number(),
    others: z.number(),
    difference: z.number(),
    low: z.number(),
    high: z.number(),
    p: z.number(),
  })
  .meta({
    id: 'Contrast',
    description:
      "Difference in differences: this service's movement against the other services'; 0.2 is +20 %.",
  });

const commonCause = z
  .object({
    likely: z.boolean(),
    services: z.int().meta({ description: 'Other services that could be compared.' }),
    moved: z.array(z.string()).readonly(),
    p: optional(z.number()).meta({ description: 'How often as many moved together in their own past.' }),
    contrast: optional(contrast),
  })
  .meta({ id: 'CommonCause', description: 'Which other services moved at the same time.' });

/** Whose doing a shift is, on the wire. */
export const attribution = z
  .object({
    sentence: z.string(),
    likeliest: optional(cause),
    candidates: z.array(cause).readonly(),
    onset: optional(onset),
    commonCause,
    compared: z.object({
      series: z.int(),
      servicesLeftOut: z.int(),
      deploymentsLeftOut: z.int(),
    }),
  })
  .meta({
    id: 'Attribution',
    description:
      'Whether it is this deployment: when the shift began, who else moved, and which deployment of the time fits best.',
  });
