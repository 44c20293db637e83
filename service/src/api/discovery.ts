import { z } from 'zod';
import { policyInput } from './policy.js';
import { optional } from './strict-object.js';

/** What discovery added to the policy of a deployment. */
export const discoveryOutcome = z
  .object({
    source: z.string(),
    watched: z.int().meta({ description: 'Metrics that joined the policy as its group "discovered".' }),
    leftOut: z
      .int()
      .meta({ description: 'Metrics that were found and did not: of no use, ignored, beyond the limit.' }),
    problem: optional(z.string()).meta({ description: 'Why nothing could be looked for.' }),
  })
  .meta({ id: 'DiscoveryOutcome', example: { source: 'push', watched: 12, leftOut: 4 } });

const foundMetric = z
  .object({
    metric: z.string(),
    series: z.int(),
    kind: optional(z.enum(['latency', 'error', 'traffic', 'saturation', 'business'])),
    direction: optional(z.enum(['up', 'down', 'both'])),
    unit: optional(z.string()),
    type: optional(z.enum(['gauge', 'counter', 'histogram', 'summary'])),
    help: optional(z.string()),
    labels: z
      .record(z.string(), z.array(z.string()).readonly())
      .meta({ description: 'Some values of each label.' }),
    skipped: optional(z.string()).meta({ description: 'Why it would not be watched.' }),
  })
  .meta({ id: 'FoundMetric' });

/** Answer of `GET /api/v1/discovery`. */
export const discovery = z
  .object({
    source: z.string(),
    series: z.int(),
    metrics: z.array(foundMetric).readonly(),
    policy: optional(policyInput).meta({
      description: 'A policy made of what was found; absent where nothing of it can be judged.',
    }),
    notes: z.record(z.string(), z.string()).meta({
      description: 'By name of a metric of the policy: why it was chosen, and what to check.',
    }),
  })
  .meta({ id: 'Discovery', example: { source: 'push', series: 0, metrics: [], notes: {} } });

export type WireDiscovery = Omit<z.output<typeof discovery>, 'policy'> & {
  readonly policy?: z.input<typeof policyInput>;
};
