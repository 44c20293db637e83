import { z } from 'zod';
import { watch } from './deployment.js';
import { explanation, forecast, message } from './explanation.js';
import { instantOut } from './scalars.js';
import { optional } from './strict-object.js';
import { finding, reason, verdictValues } from './verdict.js';

const look = z
  .object({
    look: z.int(),
    at: instantOut.meta({ description: 'End of the interval that the look covers (event time).' }),
    p: z.number(),
    harmProbability: z.number(),
    coverage: z.number(),
  })
  .meta({ id: 'Look', description: 'One look of a watch.' });

/** Answer of `GET …/{id}/progress`. */
export const progress = z
  .object({
    deploymentId: z.string(),
    sequence: z.int().meta({ description: 'Of the verdict that counts now.' }),
    verdict: z.enum(verdictValues),
    watch: optional(watch),
    nextLookAt: optional(instantOut).meta({ description: 'When the next look is due; absent when none is.' }),
    looks: z.array(look).readonly().meta({ description: 'The newest looks, oldest first.' }),
    prior: z.number(),
    metrics: z.array(finding).readonly(),
    reasons: z.array(reason).readonly(),
    sentence: optional(message).meta({
      description: 'How it stands in one plain sentence; absent only from older servers.',
    }),
    explanation: optional(explanation),
    forecast: optional(z.array(forecast).readonly()).meta({
      description: 'Limits that moving metrics run towards, the nearest first.',
    }),
    stillNeeded: z.array(reason).readonly(),
  })
  .meta({
    id: 'Progress',
    description:
      'How the newest watch stands after its newest look, also where the verdict did not change. Metrics and reasons are empty before its first look, and after a restart until the next one.',
    example: {
      deploymentId: 'd-17',
      sequence: 1,
      verdict: 'pending',
      nextLookAt: '2026-01-31T12:08:00.000Z',
      looks: [{ look: 5, at: '2026-01-31T12:05:00.000Z', p: 0.42, harmProbability: 0.11, coverage: 1 }],
      prior: 0.1,
      metrics: [],
      reasons: [],
      stillNeeded: [{ code: 'watching', text: 'The watch runs.' }],
    },
  });

/** The progress of a watch on the wire. */
export type WireProgress = z.output<typeof progress>;
