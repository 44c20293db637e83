import type { BurnRate, MetricRule } from '../contract.js';
import { createRandom } from '../statistical/random.js';
import { budgetPassageTimes } from './budget-passage.js';
import { passageTimes } from './first-passage.js';
import type { Forecast, ForecastLimit } from './forecast.js';
import { fitTrend, lineAt, type Trend } from './trend.js';
import { slopeBounds } from './trend-bounds.js';

/** Futures that are simulated; the ends of the interval are then known to about 1 % of probability. */
const PATHS = 400;
const BUDGET_PATHS = 100;
/** Fixed, so that the same values give the same forecast. */
const SEED = 1;
/** A line is carried on at most so many times as far as it was seen … */
const REACH = 10;
/** … and never farther than this, in intervals. */
const FARTHEST = 3000;
const LEVEL = 0.9;
/** Requests of that many newest intervals are typical. */
const TYPICAL_OF = 10;

/** What a forecast is made from. */
export interface ForecastInput {
  readonly rule: MetricRule;
  /** Values since the change, in the metric's unit; NaN = missing. */
  readonly values: Float64Array;
  /** Interval from which they are carried on: the onset of the movement. */
  readonly from: number;
  /** Requests by interval, of a ratio. */
  readonly totals?: Float64Array;
}

interface Candidate {
  readonly limit: ForecastLimit;
  readonly times: Float64Array;
}

/** Where a resource ends although nobody said so: a share of it in use cannot pass all of it. */
function naturalCeiling({ kind, unit, shape }: MetricRule): number | undefined {
  if (kind !== 'saturation') return undefined;
  if (/^(%|percent|pct)$/i.test(unit)) return 100;
  return shape === 'ratio' || /^(ratio|fraction)$/i.test(unit) ? 1 : undefined;
}

interface StaticLimit extends ForecastLimit {
  readonly forLooks: number;
}

function staticLimits(rule: MetricRule): readonly StaticLimit[] {
  const { guardRail, direction } = rule;
  const ceiling = rule.ceiling ?? naturalCeiling(rule);
  const rail = (side: 'above' | 'below'): readonly StaticLimit[] => {
    const value = guardRail?.[side];
    return value === undefined
      ? []
      : [{ kind: 'guard-rail', value, side, forLooks: guardRail?.forLooks ?? 1 }];
  };
  const side = direction === 'down' ? 'below' : 'above';
  return [
    ...rail('above'),
    ...rail('below'),
    ...(ceiling === undefined
      ? []
      : [{ kind: 'ceiling' as const, value: ceiling, side, forLooks: 1 } as const]),
  ];
}

function isBeyond({ side, value }: ForecastLimit, x: number): boolean {
  return side === 'above' ? x > value : x < value;
}

/** Values beyond the limit at the end of what was seen. */
function runNow(limit: ForecastLimit, values: Float64Array): number {
  let run = 0;
  while (run < values.length && isBeyond(limit, values[values.length - 1 - run] ?? NaN)) run++;
  return run;
}

/** Whether the line leads to the limit, and not by chance. */
function leadsTo(limit: ForecastLimit, trend: Trend): boolean {
  const { low, high } = slopeBounds(trend);
  return limit.side === 'above' ? low > 0 : high < 0;
}

function staticCandidates(input: ForecastInput, trend: Trend, most: number): readonly Candidate[] {
  return staticLimits(input.rule).flatMap(({ forLooks, ...limit }) => {
    const run = runNow(limit, input.values);
    if (!leadsTo(limit, trend) || run >= Math.max(1, forLooks)) return [];
    const barrier = { value: limit.value, side: limit.side, forLooks: Math.max(1, forLooks), runNow: run };
    return [{ limit, times: passageTimes(trend, barrier, most, PATHS, createRandom(SEED)) }];
  });
}

/** A slope that may be chance does not carry a ratio on: it stays where it is. */
function settled(trend: Trend): Trend {
  const { low, high } = slopeBounds(trend);
  return low > 0 || high < 0 ? trend : { ...trend, slope: 0, slopeVariance: 0 };
}

function meanOfNewest(values: Float64Array): number {
  const newest = values.filter((value) => value > 0).slice(-TYPICAL_OF);
  return newest.reduce((sum, value) => sum + value, 0) / Math.max(1, newest.length);
}

function budgetCandidates(
  input: ForecastInput,
  rail: BurnRate,
  trend: Trend,
  most: number,
): readonly Candidate[] {
  const { rule, values, totals } = input;
  const budget = {
    ...rail,
    ratios: values.subarray(rule.warmupLooks).map((value) => (Number.isNaN(value) ? 0 : value)),
    typicalTotal: meanOfNewest(totals ?? new Float64Array(0)),
  };
  const longest = Math.max(...rail.windows.map(({ longLooks }) => longLooks));
  const times = budgetPassageTimes(
    budget,
    settled(trend),
    Math.min(most, longest),
    BUDGET_PATHS,
    createRandom(SEED),
  );
  const value = Math.min(...rail.windows.map(({ limit }) => limit)) * (1 - rail.objective);
  return [{ limit: { kind: 'burn-rate', value, side: 'above' }, times }];
}

function asForecast(
  { rule }: ForecastInput,
  trend: Trend,
  { limit, times }: Candidate,
): Forecast | undefined {
  const at = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? Infinity;
  const inLooks = at(0.5);
  if (inLooks === Infinity) return undefined;
  const latest = at((1 + LEVEL) / 2);
  return {
    metric: rule.name,
    unit: rule.unit,
    limit,
    inLooks,
    earliestInLooks: Math.min(inLooks, at((1 - LEVEL) / 2)),
    ...(latest === Infinity ? {} : { latestInLooks: latest }),
    level: LEVEL,
    slope: trend.slope,
    now: lineAt(trend, 0),
  };
}

/**
 * When a metric breaches the first of its limits (guard-rail, error budget, end of a resource) if it goes on as since its
 * onset: a Theil-Sen line with autoregressive deviations, carried on in simulated futures. The interval from earliest to
 * latest holds the breach in nine of ten cases, as long as the metric does go on like that.
 *
 * @returns undefined with fewer than 8 values since the onset, where no limit is declared or the line does not lead to one
 * beyond chance, where half of the futures reach none within ten times the stretch seen, and where a limit is passed already
 * @example forecastMetric({ rule, values, from: 3 })?.inLooks // 34
 */
export function forecastMetric(input: ForecastInput): Forecast | undefined {
  const { rule, values, from } = input;
  const trend = fitTrend(values.slice(from));
  if (trend === undefined) return undefined;
  const seen = values.length - from;
  const most = Math.min(FARTHEST, Math.max(REACH * seen, rule.horizonLooks ?? 0));
  const candidates = [
    ...staticCandidates(input, trend, most),
    ...(rule.burnRate === undefined || rule.shape !== 'ratio'
      ? []
      : budgetCandidates(input, rule.burnRate, trend, most)),
  ];
  return candidates
    .map((candidate) => asForecast(input, trend, candidate))
    .filter((forecast) => forecast !== undefined)
    .sort((a, b) => a.inLooks - b.inLooks)[0];
}
