import { z } from 'zod';
import { closestKey } from './closest-key.js';
import { discoveryRule } from './discovery-rule.js';
import { durationBetween, formatDuration } from './duration.js';
import { metricSpec } from './metric-spec.js';
import { besideMetrics } from './required-checks.js';
import { lineOfText, share } from './scalars.js';
import { optional, strictObject } from './strict-object.js';
import { whenSound } from './when-sound.js';

/** Ten intervals are the least from which a level and a spread can be told at all. */
const LEAST_HISTORY_INTERVALS = 10;
/** Bounds the memory of one watch: 100,000 intervals × 20 metrics × 8 bytes = 16 MB. */
const MOST_HISTORY_INTERVALS = 100_000;
/** Bounds the work of one calibration. */
const MOST_LOOKS = 10_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** However little coverage is asked for, at most this share of a watch is left unjudged at its end because samples arrive late. */
const MOST_LATE_SHARE = 1 / 3;
/** Days back that metrics can be compared with. */
const EARLIER_DAYS = { daily: [1, 2, 3], weekly: [7, 14] };
/** A comparison with earlier days asks for a history so many times as long as it reaches back. */
const HISTORY_PER_LAG = 2;

const rateOfFalseRollbacks = strictObject({
  falseRollbacksPerMonth: z.number().gt(0),
  deploysPerMonth: z.number().gt(0),
}).meta({
  description:
    'How many false rollbacks a month you accept, at how many deployments a month: α = the first over the second.',
});

/** A step of a canary. */
export const plannedStep = strictObject({ name: lineOfText(100), trafficShare: optional(share) });

const baselines = z
  .array(z.enum(['before', 'daily', 'weekly', 'control']))
  .min(1)
  .max(4)
  .meta({
    description:
      'What metrics may be compared with: the level just before, earlier days, earlier weeks, the concurrent control. Default: all that there is.',
  });

const consumerPolicy = z.enum(['fail-open', 'fail-closed']);

const fields = strictObject({
  name: lineOfText(100).default('by-value'),
  mode: z.enum(['observe', 'recommend', 'act']).default('recommend'),
  alpha: optional(z.union([z.number().gt(0).lte(0.5), rateOfFalseRollbacks])),
  prior: z.number().gt(0).lt(1).default(0.1),
  interval: durationBetween('100ms', '1h').prefault('1m'),
  watch: durationBetween('1s', '30d').prefault('30m'),
  settle: optional(durationBetween('0s', '1d')),
  history: optional(durationBetween('1s', '90d')),
  earliestContinue: z.number().min(0).max(1).default(0.5),
  minCoverage: z.number().gt(0).lte(1).default(0.7),
  spending: z.union([z.literal('equal'), z.array(z.number().gt(0).lte(1)).min(1).max(50)]).default('equal'),
  steps: optional(z.array(plannedStep).min(1).max(50)),
  baselines: optional(baselines),
  metrics: z.array(metricSpec).min(1).max(200),
  discover: optional(discoveryRule),
  feedback: optional(z.enum(['on', 'off'])).meta({
    description:
      'Whether people’s feedback and the service’s own history tune the prior and the weights of metrics (default on). Never α.',
  }),
  learnedScorer: optional(z.enum(['on', 'off'])).meta({
    description:
      'Whether gauges are also shown to the learned scorer at a quarter, half, three quarters and the end of the watch (default off). Its scores are ranked among the same placebos, so that α is kept.',
  }),
  groupWeights: z.record(z.string().max(100), z.number().gt(0).max(1_000)).default({}),
  canarySilence: z.boolean().default(true),
  ...besideMetrics,
  brakes: strictObject({
    maxAutomaticRollbacksPerHour: z.int().min(0).max(1_000).default(3),
    commonCauseServices: z.int().min(1).max(1_000).default(3),
  }).prefault({}),
  executor: optional(lineOfText(100)),
  reasonRequired: z.boolean().default(true),
  consumers: strictObject({
    pending: consumerPolicy.default('fail-closed'),
    inconclusive: consumerPolicy.default('fail-closed'),
    outage: consumerPolicy.default('fail-open'),
  }).prefault({}),
});

type Fields = z.output<typeof fields>;

/**
 * How deployments of a service are judged, as people write it in a request or a file. Unknown keys are refused with the
 * closest known one; the output has every default filled in and lengths of time in milliseconds.
 *
 * Consumers by default: `pending` and `inconclusive` fail closed, because a verdict service that runs and does not say
 * "continue" means it; an `outage` of Bellwether itself fails open, because otherwise its failure would stop every release of
 * everybody, who would go on without it as they did before.
 */
export const policyInput = fields
  .superRefine(checkTimes, whenSound('interval', 'watch', 'history'))
  .superRefine(checkMetricTimes, whenSound('metrics', 'interval', 'watch', 'settle', 'minCoverage'))
  .superRefine(checkBaselines, whenSound('baselines', 'history', 'interval', 'watch'))
  .superRefine(checkNames, whenSound('metrics', 'groupWeights'))
  .superRefine(checkAlpha, whenSound('alpha', 'spending', 'steps'))
  .transform(({ alpha, interval, watch, settle, history, ...rest }) => ({
    ...rest,
    alpha: alphaOf(alpha) ?? (rest.mode === 'act' ? 0.01 : 0.05),
    intervalMs: interval,
    watchMs: watch,
    settleMs: settle ?? 2 * interval,
    historyMs: history ?? defaultHistoryMs(interval),
  }))
  .meta({
    id: 'PolicyInput',
    description:
      'How deployments are judged. Defaults: mode recommend; alpha 0.05 (0.01 in mode act); prior 0.1; interval 60s; watch 30m; settle 2 × interval; history 7d (at most 100,000 intervals); earliestContinue 0.5; minCoverage 0.7; spending equal; brakes 3 automatic rollbacks an hour and 3 services for a common cause; consumers pending and inconclusive fail-closed, outage fail-open; reasonRequired true; feedback on; learnedScorer off; discover nothing; requiredChecks none; holdRoles operator and admin.',
    example: {
      name: 'checkout',
      mode: 'act',
      interval: '30s',
      watch: '20m',
      metrics: [
        {
          name: 'p95 latency',
          kind: 'latency',
          unit: 's',
          signal: {
            type: 'gauge',
            series: { metric: 'request_p95_seconds', labels: { service: '{{service}}' } },
          },
        },
      ],
    },
  });

/** A policy as people write it; lengths of time are strings such as "30s". */
export type PolicyInput = z.input<typeof policyInput>;

type Context = z.core.$RefinementCtx<Fields>;

function checkTimes(policy: Fields, context: Context): void {
  const { interval, watch } = policy;
  if (watch < 2 * interval) {
    refuse(
      context,
      ['watch'],
      `is shorter than two intervals; give at least ${formatDuration(2 * interval)}`,
    );
  }
  if (watch > MOST_LOOKS * interval) {
    refuse(
      context,
      ['watch'],
      `holds more than ${MOST_LOOKS} intervals; shorten it or lengthen the interval`,
    );
  }
  const history = policy.history ?? defaultHistoryMs(interval);
  if (history < LEAST_HISTORY_INTERVALS * interval) {
    const least = formatDuration(LEAST_HISTORY_INTERVALS * interval);
    refuse(
      context,
      ['history'],
      `holds fewer than ${LEAST_HISTORY_INTERVALS} intervals; give at least ${least}`,
    );
  }
  if (history > MOST_HISTORY_INTERVALS * interval) {
    refuse(
      context,
      ['history'],
      `holds more than ${MOST_HISTORY_INTERVALS} intervals; shorten it or lengthen the interval`,
    );
  }
}

/** Times of single metrics that only make sense beside those of the policy. */
function checkMetricTimes(policy: Fields, context: Context): void {
  for (const [index, metric] of policy.metrics.entries()) {
    const refuseAt = (path: (string | number)[], message: string): void => {
      refuse(context, ['metrics', index, ...path], message);
    };
    checkSettle(metric, policy, (message) => {
      refuseAt(['settle'], message);
    });
    for (const [place, { shortMs }] of (metric.burnRate?.windows ?? []).entries())
      if (shortMs < policy.interval)
        refuseAt(
          ['burnRate', 'windows', place, 'short'],
          `is shorter than an interval; give at least ${formatDuration(policy.interval)}`,
        );
  }
}

/** Of a metric that is judged late, as much of the watch must be judged as it needs data in, or it could never end in `continue`. */
function checkSettle(
  { settleMs: ownMs, warmupMs }: Fields['metrics'][number],
  { interval, watch, minCoverage, settle }: Fields,
  refuseWith: (message: string) => void,
): void {
  const settleMs = settle ?? 2 * interval;
  if (ownMs === undefined) return;
  if (ownMs < settleMs)
    refuseWith(
      `is shorter than the ${formatDuration(settleMs)} that every look waits; shorten "settle" of the policy`,
    );
  const share = Math.min(1 - minCoverage, MOST_LATE_SHARE);
  const most = interval * Math.floor((share * Math.max(0, watch - warmupMs)) / interval + 1e-9);
  if (ownMs - settleMs > most)
    refuseWith(
      `leaves the last ${formatDuration(ownMs - settleMs)} of the ${formatDuration(watch)} watch unjudged, and ${formatDuration(most)} are the most that "minCoverage" leaves; give at most ${formatDuration(settleMs + most)}, or lengthen the watch`,
    );
}

/** Steps at full traffic, rolling releases and recoveries have no control group: without the time just before, the past must serve. */
function checkBaselines({ baselines: used, history, interval, watch }: Fields, context: Context): void {
  if (used === undefined || used.includes('before')) return;
  const days = (['daily', 'weekly'] as const).flatMap((one) => (used.includes(one) ? EARLIER_DAYS[one] : []));
  const reach = days.map((day) => day * DAY_MS).find((lag) => lag > watch);
  if (days.length === 0)
    refuse(
      context,
      ['baselines'],
      'leave a step without a control group nothing to be compared with (the last of a canary, a rolling release, a recovery); add "before"',
    );
  else if (reach === undefined)
    refuse(
      context,
      ['baselines'],
      'reach back less far than the watch is long; add "before" or shorten the watch',
    );
  else if ((history ?? defaultHistoryMs(interval)) < HISTORY_PER_LAG * reach)
    refuse(
      context,
      ['baselines'],
      `need a history of at least ${formatDuration(HISTORY_PER_LAG * reach)}; lengthen "history" or add "before"`,
    );
}

function checkNames(policy: Fields, context: Context): void {
  const seen = new Set<string>();
  for (const [index, metric] of policy.metrics.entries()) {
    if (seen.has(metric.name))
      refuse(
        context,
        ['metrics', index, 'name'],
        `"${metric.name}" is used twice; give each metric its own name`,
      );
    seen.add(metric.name);
  }
  const groups = [...new Set(policy.metrics.flatMap((metric) => metric.group ?? []))];
  for (const group of Object.keys(policy.groupWeights)) {
    if (groups.includes(group)) continue;
    const closest = closestKey(group, groups);
    const remedy =
      closest === undefined ? 'name a group that a metric belongs to' : `did you mean "${closest}"?`;
    refuse(context, ['groupWeights', group], `no metric belongs to this group; ${remedy}`);
  }
}

function checkAlpha(policy: Fields, context: Context): void {
  const alpha = alphaOf(policy.alpha);
  if (typeof policy.alpha === 'object' && alpha !== undefined && alpha > 0.5) {
    refuse(
      context,
      ['alpha'],
      `comes to ${alpha.toPrecision(3)} a deployment; accept fewer false rollbacks a month (at most 0.5 a deployment)`,
    );
  }
  const spent = policy.spending === 'equal' ? 0 : policy.spending.reduce((sum, one) => sum + one, 0);
  if (spent > 1 + 1e-9)
    refuse(context, ['spending'], `adds up to ${spent.toPrecision(3)}; let the shares add up to at most 1`);
  const { steps, spending } = policy;
  if (steps !== undefined && spending !== 'equal' && spending.length !== steps.length)
    refuse(
      context,
      ['spending'],
      `has ${spending.length} shares, and ${steps.length} steps are planned; give one share a step`,
    );
}

function refuse(context: Context, path: (string | number)[], message: string): void {
  context.addIssue({ code: 'custom', path, message });
}

function alphaOf(alpha: Fields['alpha']): number | undefined {
  return typeof alpha === 'object' ? alpha.falseRollbacksPerMonth / alpha.deploysPerMonth : alpha;
}

function defaultHistoryMs(intervalMs: number): number {
  return Math.min(WEEK_MS, MOST_HISTORY_INTERVALS * intervalMs);
}
