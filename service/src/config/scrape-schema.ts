import { z } from 'zod';
import { durationBetween } from '../api/duration.js';
import { seriesLabels } from '../api/labels.js';
import { placeName } from '../api/scalars.js';
import { sourceName } from '../api/signal.js';
import { optional, strictObject } from '../api/strict-object.js';
import { secretReference } from './secret.js';

/** Pages of metrics that Bellwether reads itself, where there is no metrics server. */
export const scrapeConfig = strictObject({
  /** Series carry it as `job`. */
  name: sourceName,
  /** Whole addresses of pages; private and plain http ones must be listed in "egress.allow". */
  urls: z.array(z.url()).min(1).max(1_000),
  interval: durationBetween('1s', '1h').prefault('15s'),
  timeout: durationBetween('100ms', '1m').prefault('10s'),
  project: placeName().default('default'),
  /** What every series of these pages carries, such as service, environment and version. */
  labels: seriesLabels.default({}),
  bearerToken: optional(secretReference),
});
