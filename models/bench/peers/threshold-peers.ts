import type { Peer, PeerHistory, PeerLive, PeerPlan, PeerReading } from './peer.js';
import { comparison, harmful, mean } from './samples.js';

/** Neither tool has a default for what it compares with; 20 % is the smallest effect that Bellwether acts on for such metrics. */
const TOLERATED_SHARE = 0.2;
/** Argo Rollouts: `failureLimit` of its documentation's examples; one more failed measurement of a metric aborts. */
const ARGO_FAILURE_LIMIT = 3;
/** Argo Rollouts: default of `consecutiveErrorLimit`; one more measurement in a row without a value aborts. */
const ARGO_ERROR_LIMIT = 4;
/** Flagger: `threshold` of its documentation's examples; as many failed check runs roll back. */
const FLAGGER_THRESHOLD = 5;

type Measurement = 'passed' | 'failed' | 'no value';

/** Every interval of one metric against the control's same interval, or against the mean of the same time before the change. */
function measure(history: PeerHistory, live: PeerLive, looks: number): readonly Measurement[] {
  const { control } = live;
  const before = control === undefined ? mean(comparison(history, live, looks)) : NaN;
  return Array.from(live.treatment, (value, k) => {
    const base = control === undefined ? before : (control[k] ?? NaN);
    if (!Number.isFinite(value) || !Number.isFinite(base)) return 'no value';
    const isBeyond = harmful(value - base, history.direction) > TOLERATED_SHARE * Math.abs(base);
    return isBeyond ? 'failed' : 'passed';
  });
}

function measureAll({ metrics, looks }: PeerPlan, live: readonly PeerLive[]) {
  return metrics.flatMap((history, index) => {
    const arm = live[index];
    return arm === undefined ? [] : [measure(history, arm, looks)];
  });
}

function longestRun(measurements: readonly Measurement[], of: Measurement): number {
  let [run, longest] = [0, 0];
  for (const each of measurements) {
    run = each === of ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

function readAsArgo(plan: PeerPlan, live: readonly PeerLive[]): PeerReading {
  const all = measureAll(plan, live);
  const failed = Math.max(0, ...all.map((one) => one.filter((each) => each === 'failed').length));
  const errors = Math.max(0, ...all.map((one) => longestRun(one, 'no value')));
  return {
    isJudged: all.length > 0,
    isAlarm: failed > ARGO_FAILURE_LIMIT || errors > ARGO_ERROR_LIMIT,
    score: Math.max(failed / (ARGO_FAILURE_LIMIT + 1), errors / (ARGO_ERROR_LIMIT + 1)),
  };
}

function readAsFlagger(plan: PeerPlan, live: readonly PeerLive[]): PeerReading {
  const all = measureAll(plan, live);
  const runs = Math.max(0, ...all.map((one) => one.length));
  let failed = 0;
  for (let k = 0; k < runs; k += 1) if (all.some((one) => one[k] !== 'passed')) failed += 1;
  return {
    isJudged: all.length > 0,
    isAlarm: failed >= FLAGGER_THRESHOLD,
    score: failed / FLAGGER_THRESHOLD,
  };
}

/** Thresholds on single measurements with a number of failures that is let pass, as rollout controllers do it. */
export const thresholdPeers: readonly Peer[] = [
  {
    name: 'argo-threshold',
    title: 'threshold, as Argo',
    source:
      'Argo Rollouts, analysis documentation: a metric beyond 20 % of its baseline in more than failureLimit 3 measurements, or consecutiveErrorLimit 4 passed',
    cadence: 'each look',
    begin: (plan) => (live) => readAsArgo(plan, live),
  },
  {
    name: 'flagger-threshold',
    title: 'threshold, as Flagger',
    source:
      'Flagger, canary analysis documentation: threshold 5 failed check runs, each of all metrics within 20 % of their baseline; no value is a failure',
    cadence: 'each look',
    begin: (plan) => (live) => readAsFlagger(plan, live),
  },
];
