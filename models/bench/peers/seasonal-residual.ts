import { NOTHING, type Peer, type PeerHistory, type PeerLive, type PeerPlan } from './peer.js';
import { harmful, mean, present, standardDeviation, standardised } from './samples.js';

const DAY_MS = 86_400_000;
/** Days back that the season is averaged over, those that the past reaches. */
const DAYS_BACK = [1, 2, 7];
const THRESHOLD = 3;
const FEWEST_VALUES = 3;
const LARGEST_SCORE = 1e12;

/** What the season says: at index k ≥ 0 the k-th interval since the change, at k < 0 before it; NaN where no earlier day has a value. */
function seasonAt(past: Float64Array, lags: readonly number[], k: number): number {
  const earlier = lags
    .map((lag) => past[past.length + k - lag] ?? NaN)
    .filter((value) => Number.isFinite(value));
  return mean(Float64Array.from(earlier));
}

/** Reader of one metric; undefined where the past holds no whole day. */
function metricReader({ past, direction }: PeerHistory, { intervalMs, looks }: PeerPlan) {
  const day = Math.round(DAY_MS / intervalMs);
  const lags = DAYS_BACK.map((days) => days * day).filter(
    (lag) => lag >= looks && past.length >= lag + looks,
  );
  if (lags.length === 0) return undefined;
  const expected = Float64Array.from({ length: looks }, (_, k) => seasonAt(past, lags, k));
  const before = present(
    Float64Array.from(
      { length: looks },
      (_, k) => (past[past.length - looks + k] ?? NaN) - seasonAt(past, lags, k - looks),
    ),
  );
  if (before.length < FEWEST_VALUES) return undefined;
  const [level, spread] = [mean(before), standardDeviation(before)];
  return ({ treatment }: PeerLive): number | undefined => {
    const after = present(treatment.map((value, k) => value - (expected[k] ?? NaN)));
    if (after.length === 0) return undefined;
    return harmful(standardised(mean(after) - level, spread), direction);
  };
}

/**
 * The seasonal residual in one line: value minus the mean at the same time of earlier days; its mean since the change against
 * that of the same time just before, beyond 3 standard deviations of the latter. Judges nothing without a day of history.
 */
function seasonalResidual(cadence: Peer['cadence']): Peer {
  return {
    name: cadence === 'once' ? 'seasonal-residual-once' : 'seasonal-residual',
    title: `seasonal residual, ${cadence}`,
    source:
      'value − mean of the same time 1, 2 and 7 days back, shift of its mean beyond 3 standard deviations',
    cadence,
    begin: (plan) => {
      const readers = plan.metrics.map((history) => metricReader(history, plan));
      return (live) => {
        const scores = readers.flatMap((read, index) => {
          const arm = live[index];
          return read === undefined || arm === undefined ? [] : (read(arm) ?? []);
        });
        if (scores.length === 0) return NOTHING;
        const score = Math.min(LARGEST_SCORE, Math.max(...scores));
        return { isJudged: true, isAlarm: score > THRESHOLD, score };
      };
    },
  };
}

export const seasonalResiduals: readonly Peer[] = [seasonalResidual('each look'), seasonalResidual('once')];
