import { z } from 'zod';
import { instantOut } from './scalars.js';
import { optional } from './strict-object.js';

const messageFields = {
  code: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
  text: z.string(),
};

/** A sentence with what it is made of. */
export const message = z.object(messageFields).meta({
  id: 'Message',
  description:
    'A plain English sentence with a stable code and its parameters, so that it can be said in another language. Parameters ending in `Ms` are milliseconds, sizes are in the unit of the metric.',
  example: {
    code: 'harmed',
    parameters: { metric: 'p95 latency', absolute: 0.071, relative: 0.31, onsetMs: 120_000, onceIn: 250 },
    text: 'p95 latency rose by 71 ms (31 %) against just before, from 2 min after the release on; chance alone does this about once in 250 quiet releases.',
  },
});

const scorerPart = z.object({
  scorer: z.string(),
  score: z.number().meta({ description: '1 = as extreme as the worst 5 % of quiet watches.' }),
  windowMs: optional(z.number()).meta({ description: 'Absent: everything since the change.' }),
  at: instantOut.meta({ description: 'When it spoke loudest.' }),
  restsOn: optional(
    z.array(z.object({ from: instantOut, to: instantOut, weight: z.number() })).readonly(),
  ).meta({
    description:
      'Of the learned scorer: stretches since the change without which it would speak less of harm, and by how much.',
  }),
});

/** Why a look came out so. */
export const explanation = z
  .object({
    metrics: z
      .array(
        z.object({
          metric: z.string(),
          contribution: z.number(),
          soloP: z.number().meta({ description: 'p that it alone would give the whole watch.' }),
          scorers: z.array(scorerPart).readonly(),
        }),
      )
      .readonly(),
    flips: z
      .array(z.object({ ...messageFields, verdict: z.string() }))
      .readonly()
      .meta({ description: 'What would change the verdict; each worked out by judging again.' }),
    ahead: optional(message).meta({
      description: 'How long until a decision, while the verdict is pending.',
    }),
  })
  .meta({ id: 'Explanation', description: 'Which metric and which scorer spoke, and what would change it.' });

/** When a moving metric breaches a limit. */
export const forecast = z
  .object({
    metric: z.string(),
    unit: z.string(),
    limit: z.object({
      kind: z.enum(['guard-rail', 'burn-rate', 'ceiling']),
      value: z.number(),
      side: z.enum(['above', 'below']),
    }),
    now: z.number().meta({ description: 'Level now, in the unit of the metric.' }),
    risePerHour: z.number(),
    at: instantOut.meta({ description: 'Half of the simulated futures have breached the limit by then.' }),
    earliestAt: instantOut,
    latestAt: optional(instantOut).meta({ description: 'Absent: later than the forecast reaches.' }),
    level: z.number().meta({ description: 'Probability that the breach lies between earliest and latest.' }),
    text: z.string(),
  })
  .meta({
    id: 'Forecast',
    description: 'When a metric breaches a limit if it goes on as it has since its onset.',
  });
