import { nextStepPredictor } from './next-step-predictor.js';
import { NOTHING, type Peer, type PeerPlan, type PeerReader } from './peer.js';
import { mean, present, standardDeviation } from './samples.js';

/** Weight of the newest interval in the smoothed error. */
const SMOOTHING = 0.3;
/** The smoothed error alarms this many standard deviations above its mean of the held-back past. */
const THRESHOLD = 3;
const LARGEST_SCORE = 1e6;

/** Mean over the metrics at each interval; NaN where none has a value. */
function joined(errors: readonly Float64Array[]): Float64Array {
  const length = Math.max(0, ...errors.map((one) => one.length));
  // Held-back pasts may differ in length; their newest intervals are the same.
  return Float64Array.from({ length }, (_, k) =>
    mean(present(Float64Array.from(errors, (one) => one[one.length - length + k] ?? NaN))),
  );
}

/** Exponentially weighted mean, which a gap leaves as it is. */
function smoothed(values: Float64Array, start: number): Float64Array {
  let level = start;
  return values.map((value) => {
    if (Number.isFinite(value)) level += SMOOTHING * (value - level);
    return level;
  });
}

function begin({ metrics, intervalMs }: PeerPlan): PeerReader {
  const predictors = metrics.map(({ past }) => nextStepPredictor(past, intervalMs));
  const heldBack = joined(predictors.flatMap((one) => one?.heldBack ?? []));
  const level = mean(present(heldBack));
  const usual = smoothed(heldBack, level);
  const spread = standardDeviation(usual);
  const start = usual.at(-1) ?? NaN;
  if (!Number.isFinite(spread)) return () => NOTHING;
  return (live) => {
    const errors = predictors.flatMap((one, index) => {
      const arm = live[index];
      return one === undefined || arm === undefined ? [] : one.errors(arm.treatment);
    });
    const now = joined(errors);
    if (present(now).length === 0) return NOTHING;
    const beyond = (smoothed(now, start).at(-1) ?? NaN) - mean(usual);
    const score = Math.min(LARGEST_SCORE, Math.max(0, beyond === 0 ? 0 : beyond / spread));
    return { isJudged: true, isAlarm: score > THRESHOLD, score };
  };
}

/**
 * In the manner of SCWarn (Zhao et al., ESEC/FSE 2021): a predictor of the next interval learned on the service's own past, whose
 * error over all metrics is smoothed and thresholded. Ours, not theirs: linear in place of their multimodal LSTM, and with three
 * standard deviations in place of a threshold chosen on labelled changes.
 */
export const predictorPeer: Peer = {
  name: 'next-step-predictor',
  title: 'next-step predictor (SCWarn-like)',
  source:
    'after SCWarn (Zhao et al. 2021): error of a linear autoregressive and seasonal predictor, smoothed, beyond 3 standard deviations of its held-back past',
  cadence: 'each look',
  begin,
};
