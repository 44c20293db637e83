import {
  mapArm,
  type Arm,
  type LiveMetric,
  type MetricRule,
  type Reason,
  type Snapshot,
} from '@bellwether/models';
import { judgedSeries, type JudgedSeries } from './judged-series.js';
import { WindowError, type RecordedSeries, type RecordedWindow } from './recorded-window.js';
import { termsOf, type RehearsalPlan } from './rehearsal-plan.js';
import { placeSeries, type WindowGrid } from './window-grid.js';

/** A recorded window ready to be judged look by look. */
export interface PreparedWindow {
  readonly snapshot: Snapshot;
  readonly canarySilence: boolean;
  readonly trafficShare?: number;
  /** The metrics since the change up to a look, in arrays of that length: nothing behind it can be seen. */
  readonly upTo: (look: number) => readonly LiveMetric[];
}

/** A window that nothing can be said about, and why. */
export interface UnjudgedWindow {
  readonly reason: Reason;
  /** Probability of harm before looking. */
  readonly prior: number;
}

/** Longest watch of a window without a policy, in intervals. */
const MOST_LOOKS = 60;
/** Longest past, as in a policy. */
const MOST_HISTORY = 100_000;
/** Most values on the grid of one window, over all metrics and arms: 80 MB. A longer past is cut to its newest part. */
const MOST_VALUES = 10_000_000;

/**
 * Puts a recorded window on its grid under a plan.
 * @throws WindowError when it says neither how far apart its samples are nor is an interval planned
 */
export function prepareWindow(window: RecordedWindow, plan: RehearsalPlan): PreparedWindow | UnjudgedWindow {
  const terms = termsOf(plan);
  const stepSeconds = stepOf(window, plan);
  const judged = judgedSeries(window.series, plan.policy, 1000 * stepSeconds);
  const unjudged = (code: string, text: string): UnjudgedWindow => ({
    reason: { code, text },
    prior: terms.prior,
  });
  if (judged.length === 0) return unjudged('no-metrics', 'The window holds no metric of the treatment.');
  const span = spanOf(window.series);
  const after = looksOf(span.last, window.changeAtSeconds, stepSeconds, plan);
  if (after < 1) return unjudged('no-data', 'Nothing was recorded since the change.');
  const asked = Math.max(0, Math.ceil((window.changeAtSeconds - span.first) / stepSeconds));
  const before = Math.min(asked, historyLimit(judged, after, 1000 * stepSeconds, plan));
  const grid: WindowGrid = { changeAtSeconds: window.changeAtSeconds, stepSeconds, before, after };
  const warmup = startupLooks(window, grid);
  const placed = judged.map((each) => placedOn(grid, warmedUp(each, warmup)));
  const cut = (from: number, to: number) =>
    placed.map(({ rule, treatment, control }) => ({
      rule,
      treatment: sliceOf(treatment, from, to),
      ...(control === undefined ? {} : { control: sliceOf(control, from, to) }),
    }));
  return {
    canarySilence: terms.canarySilence,
    ...(window.trafficShare === undefined ? {} : { trafficShare: window.trafficShare }),
    upTo: (look) => cut(before, before + look),
    snapshot: {
      intervalMs: 1000 * stepSeconds,
      changeAtMs: 1000 * window.changeAtSeconds,
      changeIndex: before,
      plannedLooks: after,
      metrics: cut(0, before),
      excluded: [],
      alpha: terms.alpha,
      prior: terms.prior,
      groupWeights: terms.groupWeights,
      earliestContinue: terms.earliestContinue,
      minCoverage: terms.minCoverage,
      ...(plan.policy?.baselines === undefined ? {} : { baselines: plan.policy.baselines }),
      ...(plan.learned === undefined ? {} : { learned: plan.learned }),
    },
  };
}

/** Longest start of new instances that counts as warm-up, as a share of the watch. */
const LONGEST_STARTUP = 0.25;

/** Intervals until the first new instances were complete; 0 where the recording does not say. */
function startupLooks({ firstCompleteSeconds, changeAtSeconds }: RecordedWindow, grid: WindowGrid): number {
  if (firstCompleteSeconds === undefined || firstCompleteSeconds <= changeAtSeconds) return 0;
  const looks = Math.ceil((firstCompleteSeconds - changeAtSeconds) / grid.stepSeconds);
  return Math.min(looks, Math.floor(LONGEST_STARTUP * grid.after));
}

function warmedUp(judged: JudgedSeries, looks: number): JudgedSeries {
  const { rule } = judged;
  return looks <= rule.warmupLooks ? judged : { ...judged, rule: { ...rule, warmupLooks: looks } };
}

function stepOf({ intervalSeconds }: RecordedWindow, { intervalMs, policy }: RehearsalPlan): number {
  const plannedMs = intervalMs ?? policy?.intervalMs;
  if (plannedMs !== undefined) return plannedMs / 1000;
  if (intervalSeconds !== undefined) return intervalSeconds;
  throw new WindowError('has no "interval_s"; give the seconds between two samples, or --interval');
}

/** First and last time of the recording, missing samples included: they say that somebody looked. */
function spanOf(series: readonly RecordedSeries[]): { readonly first: number; readonly last: number } {
  let [first, last] = [Infinity, -Infinity];
  for (const { timesSeconds } of series)
    for (const time of timesSeconds) {
      if (time < first) first = time;
      if (time > last) last = time;
    }
  return { first, last };
}

/**
 * Length of the watch in intervals. A policy's watch is taken whole, because what is missing at its end is missing data; any other
 * ends with the recording.
 */
function looksOf(last: number, change: number, step: number, { watchMs, policy }: RehearsalPlan): number {
  if (watchMs === undefined && policy !== undefined && last >= change)
    return Math.max(1, Math.round(policy.watchMs / 1000 / step));
  const most = watchMs === undefined ? MOST_LOOKS : Math.max(1, Math.round(watchMs / 1000 / step));
  return Math.min(most, Math.floor((last - change) / step) + 1);
}

function historyLimit(
  judged: readonly JudgedSeries[],
  after: number,
  intervalMs: number,
  { policy }: RehearsalPlan,
): number {
  const arms = judged.reduce((count, { control }) => count + (control === undefined ? 1 : 2), 0);
  const asked = policy === undefined ? MOST_HISTORY : Math.floor(policy.historyMs / intervalMs);
  return Math.max(0, Math.min(asked, MOST_HISTORY, Math.floor(MOST_VALUES / arms) - after));
}

function placedOn(
  grid: WindowGrid,
  { rule, treatment, control }: JudgedSeries,
): { readonly rule: MetricRule; readonly treatment: Arm; readonly control?: Arm } {
  return {
    rule,
    treatment: treatment === undefined ? blank(rule, grid) : placeSeries(treatment, grid),
    ...(control === undefined ? {} : { control: placeSeries(control, grid) }),
  };
}

function blank({ shape }: MetricRule, { before, after }: WindowGrid): Arm {
  const values = new Float64Array(before + after).fill(NaN);
  return shape === 'ratio' ? { shape, events: values, totals: values } : { shape: 'gauge', values };
}

/** A copy, so that what lies beyond it does not travel along. */
function sliceOf(arm: Arm, from: number, to: number): Arm {
  return mapArm(arm, (line) => line.slice(from, to));
}
