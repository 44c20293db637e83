import { z } from 'zod';
import { duration } from './duration.js';
import { seriesLabels } from './labels.js';
import { lineOfText } from './scalars.js';
import { optional, strictObject } from './strict-object.js';

const kinds = ['latency', 'error', 'traffic', 'saturation', 'business'] as const;
type Kind = (typeof kinds)[number];
export interface Size {
  readonly relative?: number;
  readonly absolute?: number;
}

/** The movement that harms users, by kind, when a policy does not say. */
const harmfulDirection: Readonly<Record<Kind, 'up' | 'down'>> = {
  latency: 'up',
  error: 'up',
  saturation: 'up',
  traffic: 'down',
  business: 'down',
};

/** Changes smaller than these are noise to users in most services; the product's own choice, to be overridden by metric. */
const smallestEffect: Readonly<Record<Kind, Size>> = {
  latency: { relative: 0.1 },
  error: { relative: 0.25 },
  traffic: { relative: 0.2 },
  saturation: { relative: 0.15 },
  business: { relative: 0.1 },
};

/** For an error ratio both must be passed: +25 % of almost nothing is nothing. */
const smallestErrorRatioEffect: Size = { absolute: 0.001, relative: 0.25 };

/** A metric's own name, as Prometheus or OpenTelemetry write it. */
export const metricName = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z_:][A-Za-z0-9_:.]*$/,
    'is not a metric name; use letters, digits and _ : . and begin with a letter',
  );

const selector = strictObject({ metric: metricName, labels: seriesLabels.default({}) }).meta({
  id: 'Selector',
  description:
    'Which pushed series feed this arm. Label values may hold `{{service}}`, `{{environment}}`, `{{version}}`, `{{previousVersion}}`; an empty value matches series without that label.',
});

const combine = z.enum(['sum', 'mean', 'max', 'only']);

const signal = z
  .discriminatedUnion(
    'type',
    [
      strictObject({ type: z.literal('gauge'), series: selector, combine: combine.default('mean') }),
      strictObject({ type: z.literal('counter'), series: selector, combine: combine.default('sum') }),
      strictObject({ type: z.literal('ratio'), events: selector, total: selector }),
    ],
    { error: 'has no known type; use "gauge", "counter" or "ratio"' },
  )
  .meta({
    id: 'Signal',
    description:
      'A gauge is read as it is; a counter becomes a rate per second with resets healed; a ratio is events over total, both counters.',
  });

const effectSize = strictObject({
  relative: optional(z.number().gt(0)),
  absolute: optional(z.number().gt(0)),
})
  .refine(
    (size) => size.relative !== undefined || size.absolute !== undefined,
    'sets no size; give relative, absolute or both',
  )
  .meta({
    id: 'EffectSize',
    description:
      'Size of a change: relative to the baseline (0.1 = 10 %), absolute in the unit of the metric, or both (then both must be passed).',
  });

const guardRail = strictObject({
  above: optional(z.number()),
  below: optional(z.number()),
  forLooks: z.int().min(1).max(1_000).default(1),
})
  .refine(
    (rail) => rail.above !== undefined || rail.below !== undefined,
    'sets no limit; give above, below or both',
  )
  .meta({
    id: 'GuardRail',
    description: 'An absolute limit: passing it for `forLooks` consecutive intervals rolls back at once.',
  });

/** One metric of a policy as written; the output has every default filled in. */
export const metricSpec = strictObject({
  name: lineOfText(200),
  kind: z.enum(kinds),
  unit: optional(lineOfText(40)),
  direction: optional(z.enum(['up', 'down', 'both'])),
  signal,
  arms: strictObject({
    treatment: seriesLabels.default({ version: '{{version}}' }),
    control: seriesLabels.default({ version: '{{previousVersion}}' }),
  })
    .prefault({})
    .meta({
      description: 'Labels that tell the two arms apart while a canary runs beside its control group.',
    }),
  minEffect: optional(effectSize),
  tolerance: optional(effectSize),
  criticality: z.enum(['critical', 'normal', 'advisory']).default('normal'),
  weight: z.number().gt(0).max(1_000).default(1),
  group: optional(lineOfText(100)),
  missing: optional(z.enum(['required', 'optional'])),
  warmup: duration.prefault('0s'),
  guardRail: optional(guardRail),
})
  .refine((metric) => !(metric.criticality === 'advisory' && metric.missing === 'required'), {
    path: ['missing'],
    error:
      'cannot be required of an advisory metric, which never decides; make it optional or raise its criticality',
  })
  .transform(({ warmup, ...metric }) => {
    const minEffect = metric.minEffect ?? defaultMinEffect(metric.kind, metric.signal.type);
    return {
      ...metric,
      unit: metric.unit ?? (metric.signal.type === 'ratio' ? 'ratio' : ''),
      direction: metric.direction ?? harmfulDirection[metric.kind],
      minEffect,
      tolerance: metric.tolerance ?? minEffect,
      missing: metric.missing ?? defaultMissing(metric.kind, metric.criticality),
      warmupMs: warmup,
    };
  })
  .meta({
    id: 'MetricSpec',
    description:
      'How one metric is judged. Defaults by kind: direction (latency, error, saturation: up; traffic, business: down); minEffect (latency 10 %, error ratio 0.001 and 25 %, error gauge 25 %, traffic 20 %, saturation 15 %, business 10 %); tolerance = minEffect; missing (latency, error: required; others and advisory metrics: optional).',
  });

function defaultMinEffect(kind: Kind, signalType: 'gauge' | 'counter' | 'ratio'): Size {
  return kind === 'error' && signalType === 'ratio' ? smallestErrorRatioEffect : smallestEffect[kind];
}

function defaultMissing(
  kind: Kind,
  criticality: 'critical' | 'normal' | 'advisory',
): 'required' | 'optional' {
  if (criticality === 'advisory') return 'optional';
  return kind === 'latency' || kind === 'error' ? 'required' : 'optional';
}
