import type { Arm, LiveMetric, MetricRule } from '@bellwether/models';

/** Fewer silent intervals can be a moment between two connections. */
const FEWEST_LOOKS = 3;
/** Natural log of how unlikely it must be that a serving canary got none of the requests: e⁻²⁰ ≈ 2·10⁻⁹, the chance that a Poisson count is 0 where 20 were expected. */
const SURPRISE = 20;

/**
 * At least this probability of harm goes with a silent canary. Serving nothing is the harm itself; what remains is the chance that
 * requests missed a serving canary, e⁻²⁰ at most. More requests do not raise it: they are not independent beyond such odds.
 */
export const SILENCE_HARM_PROBABILITY = 1 - Math.exp(-SURPRISE);

/** What a silent canary left unserved. */
export interface CanarySilence {
  /** Silent intervals up to now. */
  readonly looks: number;
  /** Requests that the control group served meanwhile. */
  readonly controlRequests: number;
  /** Requests that the canary should have served meanwhile. */
  readonly expected: number;
}

/** What silence asks of a metric's policy. */
type SilenceRule = Pick<MetricRule, 'criticality' | 'warmupLooks'>;

interface Counted {
  readonly canary: Float64Array;
  readonly control: Float64Array;
  readonly warmupLooks: number;
}

/**
 * "The canary serves nothing while the control serves": in every interval of the newest stretch, warm-up left out, each metric that
 * counts requests saw exactly none in the canary, though by its share of the traffic it should have seen some. Missing samples are not
 * silence: they are missing data.
 *
 * The surprise is exact given the requests seen: of `n` requests to both arms none goes to a canary of share s with probability
 * (1 − s)ⁿ; and where the share is not declared, all m requests of the canary fall before the silence with probability
 * (1 + control requests during / before)⁻ᵐ.
 *
 * An advisory count neither decides nor, by going on, hides that the others fell silent.
 *
 * @param live both arms of each metric; undefined for one that was not read
 * @param rules of the same metrics
 * @param trafficShare declared share of the step in (0, 1); without it the arms before the silence tell, and without those nothing does
 */
export function canarySilence(
  live: readonly (LiveMetric | undefined)[],
  rules: readonly SilenceRule[],
  trafficShare: number | undefined,
): CanarySilence | undefined {
  const counted = rules.flatMap(({ criticality, warmupLooks }, i): Counted[] => {
    const { treatment, control } = live[i] ?? {};
    const [canary, beside] = [requestsOf(treatment), requestsOf(control)];
    if (criticality === 'advisory' || canary === undefined || beside === undefined) return [];
    return [{ canary, control: beside, warmupLooks }];
  });
  const look = counted[0]?.canary.length ?? 0;
  const from = silentSince(counted, look);
  if (look - from < FEWEST_LOOKS) return undefined;
  for (const metric of counted) {
    const controlRequests = sumOf(metric.control, from, look);
    const { surprise, expected } = weigh(metric, from, controlRequests, trafficShare);
    if (surprise >= SURPRISE) return { looks: look - from, controlRequests, expected };
  }
  return undefined;
}

/** Requests that an arm counted in each interval; undefined for one that counts none. */
function requestsOf(arm: Arm | undefined): Float64Array | undefined {
  if (arm?.shape === 'ratio') return arm.totals;
  if (arm?.shape !== 'histogram') return undefined;
  const [first = new Float64Array(0), ...others] = arm.counts;
  return first.map((count, k) => others.reduce((sum, line) => sum + (line[k] ?? NaN), count));
}

/** First interval of the silence that lasts until now; `look` when there is none. */
function silentSince(counted: readonly Counted[], look: number): number {
  const earliest = counted.reduce((most, { warmupLooks }) => Math.max(most, warmupLooks), 0);
  let from = look;
  while (from > earliest && counted.every(({ canary }) => canary[from - 1] === 0)) from--;
  return from;
}

function weigh(
  { canary, control }: Counted,
  from: number,
  during: number,
  share: number | undefined,
): { readonly surprise: number; readonly expected: number } {
  if (share !== undefined)
    return { surprise: -Math.log1p(-share) * during, expected: (share / (1 - share)) * during };
  const before = sumOf(control, 0, from);
  if (before === 0) return { surprise: 0, expected: 0 };
  const served = sumOf(canary, 0, from);
  return { surprise: served * Math.log1p(during / before), expected: (served / before) * during };
}

function sumOf(counts: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k < to; k++) {
    const count = counts[k] ?? NaN;
    if (!Number.isNaN(count)) sum += count;
  }
  return sum;
}
