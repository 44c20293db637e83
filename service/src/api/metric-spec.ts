import { z } from 'zod';
import { unevenArms } from './arms-apart.js';
import { duration, durationBetween } from './duration.js';
import { seriesLabels } from './labels.js';
import { lineOfText } from './scalars.js';
import { signal } from './signal.js';
import { optional, strictObject } from './strict-object.js';
import { whenSound } from './when-sound.js';

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
/** An instance is no outlier before it stands twice as far from the others as the furthest one does every day. */
const smallestOutlierEffect: Size = { relative: 1 };

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

/** Windows of the two alerts that page somebody, and the burn rates at which they do: 2 % of a month's budget in 1h, 5 % in 6h. */
const pagingWindows = [
  { limit: 14.4, long: '1h', short: '5m' },
  { limit: 6, long: '6h', short: '30m' },
];

const burnWindow = strictObject({
  limit: z.number().gt(0).max(100_000),
  long: durationBetween('1s', '30d'),
  short: durationBetween('100ms', '30d'),
})
  .refine(({ long, short }) => short <= long, {
    path: ['short'],
    error: 'is longer than the long window; shorten it to about a twelfth of that',
  })
  .transform(({ limit, long, short }) => ({ limit, longMs: long, shortMs: short }));

const burnRate = strictObject({
  objective: z.number().gt(0).lt(1),
  windows: z.array(burnWindow).min(1).max(8).prefault(pagingWindows),
  fewestEvents: z.int().min(1).max(1_000_000).default(10),
}).meta({
  id: 'BurnRate',
  description:
    'A guard-rail on the error budget of a ratio of bad events: burning it more than `limit` times as fast as `objective` (such as 0.999) allows, over the long and still over the short window, rolls back at once. Default: 14.4 times over 1h and 5m, 6 times over 6h and 30m (The Site Reliability Workbook, chapter 5). Only what happened since the change counts; fewer than `fewestEvents` (10) decide nothing.',
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
  burnRate: optional(burnRate),
  ceiling: optional(z.number()).meta({
    description:
      'Where the resource ends, in the unit of the metric, such as the memory limit of a container: verdicts say when a moving metric reaches it. It decides nothing. Default: 100 % of a saturation metric in % or ratio.',
  }),
  horizon: optional(durationBetween('1s', '30d')).meta({
    description:
      'Harm that is still below the practical minimum counts as harm when the evidence reached alpha and the trend, if it goes on, passes the minimum or a limit within this time. Default: off.',
  }),
  settle: optional(durationBetween('0s', '1d')),
})
  .refine((metric) => !(metric.criticality === 'advisory' && metric.missing === 'required'), {
    path: ['missing'],
    error:
      'cannot be required of an advisory metric, which never decides; make it optional or raise its criticality',
    ...whenSound('criticality', 'missing'),
  })
  .superRefine(
    ({ signal: read, arms }, context) => {
      const uneven = read.type === 'ratio' ? unevenArms(read, arms) : undefined;
      if (uneven !== undefined)
        context.addIssue({ code: 'custom', path: [...uneven.path], message: uneven.message });
    },
    whenSound('signal', 'arms'),
  )
  .superRefine(
    ({ burnRate: rail, signal: { type }, direction, criticality }, context) => {
      const refuse = (message: string): void =>
        context.addIssue({ code: 'custom', path: ['burnRate'], message });
      if (rail === undefined) return;
      if (type !== 'ratio')
        refuse(`needs a ratio of bad events over all; this signal is a ${type}, so use guardRail instead`);
      else if (direction === 'down')
        refuse('needs a ratio of bad events, and of this one less is worse; count the failures instead');
      else if (criticality === 'advisory')
        refuse('belongs to an advisory metric, which never decides; raise its criticality');
    },
    whenSound('burnRate', 'signal', 'direction', 'criticality'),
  )
  .refine((metric) => metric.guardRail === undefined || metric.signal.type !== 'histogram', {
    path: ['guardRail'],
    error:
      'needs one number an interval, and a histogram has a whole distribution; put it on a ratio of slow requests, or on a gauge of a quantile',
    ...whenSound('guardRail', 'signal'),
  })
  .refine(({ horizon, criticality }) => !(horizon !== undefined && criticality === 'advisory'), {
    path: ['horizon'],
    error: 'belongs to an advisory metric, which never decides; raise its criticality or leave it out',
    ...whenSound('horizon', 'criticality'),
  })
  .refine((metric) => !isOutlier(metric.signal) || (metric.direction ?? 'up') === 'up', {
    path: ['direction'],
    error:
      'does not fit combine "outlier": a distance between instances harms when it grows, whichever way the instance moves; leave it out or write "up"',
    ...whenSound('direction', 'signal'),
  })
  .superRefine(({ horizon, ceiling, signal: { type } }, context) => {
    if (type !== 'histogram') return;
    const message =
      'needs one number an interval, and a histogram has a whole distribution; put it on a gauge of a quantile';
    if (horizon !== undefined) context.addIssue({ code: 'custom', path: ['horizon'], message });
    if (ceiling !== undefined) context.addIssue({ code: 'custom', path: ['ceiling'], message });
  })
  .transform(({ warmup, settle, horizon, ...metric }) => {
    const minEffect = metric.minEffect ?? defaultMinEffect(metric.kind, metric.signal);
    return {
      ...metric,
      unit: metric.unit ?? (metric.signal.type === 'ratio' ? 'ratio' : ''),
      direction: metric.direction ?? (isOutlier(metric.signal) ? 'up' : harmfulDirection[metric.kind]),
      minEffect,
      tolerance: metric.tolerance ?? minEffect,
      missing: metric.missing ?? defaultMissing(metric.kind, metric.criticality),
      warmupMs: warmup,
      ...(settle === undefined ? {} : { settleMs: settle }),
      ...(horizon === undefined ? {} : { horizonMs: horizon }),
    };
  })
  .meta({
    id: 'MetricSpec',
    description:
      'How one metric is judged. Defaults by kind: direction (latency, error, saturation: up; traffic, business: down); minEffect (latency 10 %, error ratio 0.001 and 25 %, error gauge 25 %, traffic 20 %, saturation 15 %, business 10 %); with `outlier`: direction up and minEffect 100 %; tolerance = minEffect; missing (latency, error: required; others and advisory metrics: optional).',
  });

type Signal = z.output<typeof signal>;

function isOutlier(read: Signal): boolean {
  return 'combine' in read && read.combine === 'outlier';
}

function defaultMinEffect(kind: Kind, read: Signal): Size {
  if (isOutlier(read)) return smallestOutlierEffect;
  return kind === 'error' && read.type === 'ratio' ? smallestErrorRatioEffect : smallestEffect[kind];
}

function defaultMissing(
  kind: Kind,
  criticality: 'critical' | 'normal' | 'advisory',
): 'required' | 'optional' {
  if (criticality === 'advisory') return 'optional';
  return kind === 'latency' || kind === 'error' ? 'required' : 'optional';
}
