import type { Arm, BurnRate, BurnRateWindow, MetricRule, Reason } from '../contract.js';
import { between, prefixSums } from '../series/prefix-sums.js';
import { ratioCounts } from './live-trace.js';

/** Running sums of what was counted since the warm-up. */
interface Counted {
  readonly events: Float64Array;
  readonly totals: Float64Array;
  /** Intervals with requests. */
  readonly present: Float64Array;
}

/**
 * How many times as fast as it may the error budget burnt over the `looks` intervals before `to`. Where the window reaches back before
 * the warm-up's end or an interval is missing, as many requests as elsewhere and no event are assumed: a release answers only for its own
 * events, and it passes the limit as soon as these alone would.
 */
function burnRate(counted: Counted, to: number, looks: number, warmup: number, objective: number): number {
  const from = Math.max(warmup, to - looks);
  const total = between(counted.totals, from, to);
  if (!(total > 0)) return 0;
  const ratio = between(counted.events, from, to) / total;
  return (ratio * (between(counted.present, from, to) / looks)) / (1 - objective);
}

function passedAt(
  rail: BurnRate,
  { limit, longLooks, shortLooks }: BurnRateWindow,
  counted: Counted,
  to: number,
  warmup: number,
): number | undefined {
  if (between(counted.events, Math.max(warmup, to - longLooks), to) < rail.fewestEvents) return undefined;
  const long = burnRate(counted, to, longLooks, warmup, rail.objective);
  const short = burnRate(counted, to, shortLooks, warmup, rail.objective);
  return long > limit && short > limit ? long : undefined;
}

/** Rounded so far that 99.95 % shows and binary fractions do not. */
function percent(share: number): string {
  return `${Number((100 * share).toPrecision(7))} %`;
}

/**
 * Whether the error budget of a ratio burnt too fast, at or before this look, over a long and a short window at once. Warm-up is not
 * counted, and advisory metrics never decide.
 *
 * Source: The Site Reliability Workbook (2018), chapter 5, "Multiwindow, multi-burn-rate alerts".
 *
 * @param arm counts since the change, the judged instances'
 * @param look intervals since the change
 */
export function passedBurnRate(rule: MetricRule, arm: Arm, look: number): Reason | undefined {
  const rail = rule.burnRate;
  if (rail === undefined || rule.criticality === 'advisory' || arm.shape !== 'ratio') return undefined;
  const { events, totals } = ratioCounts(arm, look);
  const counted: Counted = {
    events: prefixSums(events, (value) => value),
    totals: prefixSums(totals, (value) => value),
    present: prefixSums(totals, (value) => (value > 0 ? 1 : 0)),
  };
  for (let to = rule.warmupLooks + 1; to <= look; to++) {
    for (const window of rail.windows) {
      const rate = passedAt(rail, window, counted, to, rule.warmupLooks);
      if (rate === undefined) continue;
      const text = `${rule.name} burns its error budget (objective ${percent(rail.objective)}) ${Number(rate.toPrecision(3))} times as fast as it may, over ${window.longLooks} intervals and still over the last ${window.shortLooks}; the limit is ${window.limit} times.`;
      return { code: 'burn-rate-passed', metric: rule.name, text };
    }
  }
  return undefined;
}
