import { z } from 'zod';
import { placeName, prose } from './scalars.js';
import { optional, strictObject } from './strict-object.js';

/** Body of `POST /api/v1/services/{service}/learned-scorer/tune` and `…/revert`. */
export const changeLearnedScorer = strictObject({
  project: optional(placeName()),
  environment: placeName(),
  reason: prose(2_000),
}).meta({
  id: 'ChangeLearnedScorer',
  example: { environment: 'production', reason: 'two months of history since the new queue' },
});

/** Answer of both. */
export const learnedTuning = z
  .object({
    used: z.boolean().meta({ description: 'Whether new watches ask the tuned model from now on.' }),
    model: z.string().meta({ description: 'What new watches ask.' }),
    sha256: z.string(),
    reason: z.string(),
    comparison: optional(
      z.object({
        moments: z.int(),
        baseAuc: z.number(),
        tunedAuc: z.number(),
        low: z.number(),
        high: z.number(),
      }),
    ).meta({
      description:
        'On quiet moments that were held back, with and without injected harm: area under the curve of both models, and the 95 % interval of the difference.',
    }),
  })
  .meta({ id: 'LearnedTuning' });
