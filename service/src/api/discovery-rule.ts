import { z } from 'zod';
import { seriesLabels } from './labels.js';
import { lineOfText } from './scalars.js';
import { sourceName } from './signal.js';
import { optional, strictObject } from './strict-object.js';

const MOST_METRICS = 100;

const match = seriesLabels
  .refine(
    (labels) => Object.values(labels).some((value) => value !== ''),
    'would take in every series there is; give a label with a value, such as service: "{{service}}"',
  )
  .superRefine((labels, context) => {
    for (const [name, value] of Object.entries(labels))
      for (const [variable] of value.matchAll(/\{\{\s*(?!(?:service|environment)\s*\}\})[^{}]*\}\}/g))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `holds ${variable.slice(0, 60)}; use {{service}} and {{environment}} only, both versions are looked for`,
        });
  });

/** Key `discover` of a policy. */
export const discoveryRule = strictObject({
  source: optional(sourceName),
  match: match.default({ service: '{{service}}' }),
  ignore: z
    .array(lineOfText(200))
    .max(MOST_METRICS)
    .default([])
    .meta({
      description: 'Names of metrics that are left alone; `*` stands for any letters.',
      example: ['go_*', '*_debug_*'],
    }),
  limit: z.int().min(1).max(MOST_METRICS).default(30),
}).meta({
  id: 'DiscoveryRule',
  description:
    'Watches beside `metrics` what no metric of the policy names: when a deployment starts, the series of `source` (default: what was pushed) that carry the labels of `match` (default: `service: "{{service}}"`) are listed, and up to `limit` (30) of their metrics join the policy as advisory ones of the group `discovered`. They are shown and never decide.',
  example: { source: 'prom', match: { job: '{{service}}' }, ignore: ['go_*'], limit: 30 },
});
