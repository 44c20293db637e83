import { z } from 'zod';
import { metricName } from './signal.js';
import { seriesLabels } from './labels.js';
import { lineOfText, placeName } from './scalars.js';
import { optional, strictObject } from './strict-object.js';

/** 2000-01-01: what lies before is a time in seconds, or a clock that was never set. */
const EARLIEST_SAMPLE_MS = 946_684_800_000;

const timeMs = z
  .int({
    error: (issue) =>
      typeof issue.input === 'number' ? 'is not a whole number of milliseconds; round it' : undefined,
  })
  .min(EARLIEST_SAMPLE_MS, {
    error:
      'lies before the year 2000; give milliseconds since 1970, not seconds, and check the clock of the sender',
    abort: true,
  });

/** JSON has no NaN or Infinity, but 1e999 reads as Infinity. */
const value = z.number({
  error: (issue) =>
    typeof issue.input === 'number'
      ? 'is not finite; leave the sample out when there is no value'
      : undefined,
});

/** One series of a push. */
export const sampleSeries = strictObject({
  project: optional(placeName()),
  metric: metricName,
  labels: seriesLabels.default({}),
  type: z.enum(['gauge', 'counter']),
  unit: optional(lineOfText(40)),
  samples: z
    .array(z.tuple([timeMs, value]))
    .min(1)
    .max(10_000),
}).meta({
  id: 'SampleSeries',
  description:
    'One series: `samples` are pairs of milliseconds since 1970 (event time) and a finite value, in any order; of one millisecond the last counts. A `counter` only grows and may reset. `project` defaults to that of the token, else `default`.',
  example: {
    metric: 'http_requests_total',
    labels: { service: 'checkout', version: '2.14.0' },
    type: 'counter',
    samples: [
      [1769860800000, 1200],
      [1769860830000, 1290],
    ],
  },
});

/** Body of `POST /api/v1/samples` as JSON. */
export const samplesRequest = strictObject({ series: z.array(sampleSeries).min(1).max(20_000) }).meta({
  id: 'PushSamples',
});

/** Answer of `POST /api/v1/samples`. */
export const samplesStored = z.object({ stored: z.int(), replaced: z.int() }).meta({
  id: 'SamplesStored',
  description: '`stored` are new points; `replaced` came again for a time that was known.',
  example: { stored: 240, replaced: 0 },
});

/** One series as it was pushed. */
export type PushedSeries = z.output<typeof sampleSeries>;
