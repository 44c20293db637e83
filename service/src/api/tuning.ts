import { z } from 'zod';
import { instantOut } from './scalars.js';
import { optional } from './strict-object.js';

const prior = z.object({
  value: z.number().meta({ description: 'P(harm) before looking.' }),
  declared: z.number().meta({ description: 'What the policy says.' }),
  source: z.enum(['policy', 'own-history']),
  releases: z.int().meta({ description: 'Releases of the service that it was learned from.' }),
  harmful: z.int(),
  labelled: z.int().meta({ description: 'Those of which people said what happened.' }),
});

/** What a service's own history and feedback change for a watch. */
export const tuning = z
  .object({
    prior,
    weights: z
      .array(z.object({ metric: z.string(), factor: z.number(), useful: z.int(), noise: z.int() }))
      .readonly()
      .meta({ description: 'Metrics that get more or less attention than the policy gives them.' }),
    feedback: z
      .array(z.string())
      .readonly()
      .meta({ description: 'Ids of the newest entries of feedback that it comes from.' }),
    since: optional(instantOut).meta({ description: 'When it was last set back.' }),
  })
  .meta({
    id: 'Tuning',
    description:
      'What the history of the service and people’s feedback change: prior and attention, never α. Absent where the policy switches it off.',
  });
