import { z } from 'zod';
import { deploymentStates } from './deployment.js';
import { durationBetween } from './duration.js';
import { outboxStates } from './operations.js';
import { seriesLabels } from './labels.js';
import { identifier, instant, lineOfText, placeName } from './scalars.js';
import { sourceName } from './signal.js';
import { optional, strictObject } from './strict-object.js';
import { verdictValues } from './verdict.js';

/** A whole number in a query string. */
function count(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, 'is not a whole number; give digits only')
    .meta({ type: 'integer', minimum: least, maximum: most })
    .transform(Number)
    .refine((number) => number >= least && number <= most, `is out of range; give ${least} to ${most}`);
}

const label = z
  .string()
  .max(1_200)
  .regex(/^[^:]+:/, 'is not a label; write it as name:value')
  .meta({ example: 'team:payments' })
  .transform((text) => ({
    name: text.slice(0, text.indexOf(':')),
    value: text.slice(text.indexOf(':') + 1),
  }));

/** Query of `GET /api/v1/deployments`. */
export const listDeployments = strictObject({
  project: optional(placeName()),
  service: optional(placeName()),
  environment: optional(placeName()),
  state: optional(z.enum(deploymentStates)),
  verdict: optional(z.enum(verdictValues)),
  label: optional(label),
  from: optional(instant),
  to: optional(instant),
  limit: count(1, 500).default(50),
  cursor: optional(lineOfText(500)),
});

/** Labels in a query string, each `name:value`, the key repeated for several. */
const match = z
  .union([label, z.array(label).min(1).max(20)])
  .transform((some) =>
    Object.fromEntries([some].flat().map(({ name, value }): [string, string] => [name, value])),
  )
  .pipe(seriesLabels)
  .meta({
    type: 'array',
    items: { type: 'string' },
    description:
      'A label of the service’s series as `name:value`, repeated for several. Default: `service` and, where given, `environment`.',
    example: ['job:cart'],
  });

/** Query of `GET /api/v1/discovery`. */
export const discoveryQuery = strictObject({
  project: optional(placeName()),
  service: placeName(),
  environment: optional(placeName()),
  source: optional(sourceName),
  match: optional(match),
});

/** Query of `GET /api/v1/services/{service}/calibration`. */
export const calibrationQuery = strictObject({
  project: optional(placeName()),
  environment: optional(placeName()),
});

/** Query of `GET /api/v1/health`. */
export const healthQuery = strictObject({
  project: optional(placeName()),
  service: optional(placeName()),
  environment: optional(placeName()),
  from: optional(instant).meta({ description: 'Default: 30 days before `to`.' }),
  to: optional(instant).meta({ description: 'Default: now.' }),
  every: durationBetween('1h', '400d').prefault('1d'),
  limit: count(1, 100).default(20),
  cursor: optional(lineOfText(1_000)),
});

/** Path of everything below one service. */
export const servicePath = z.object({ service: placeName() });

/** Query of `GET …/verdict`. */
export const verdictQuery = strictObject({
  wait: optional(durationBetween('0s', '60s')),
  after: optional(count(0, Number.MAX_SAFE_INTEGER)),
});

/** Query of `GET` and `PUT /api/v1/controls`. */
export const controlsQuery = strictObject({ project: optional(placeName()) });

/** Query of `GET /api/v1/outbox`. */
export const outboxQuery = strictObject({
  state: optional(z.enum(outboxStates)),
  limit: count(1, 500).default(100),
});

/** Path of everything below one deployment or message. */
export const idPath = z.object({ id: identifier });

/** A query where none is known. */
export const noQuery = strictObject({});
