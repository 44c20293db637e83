import { mannWhitney } from '../../src/index.js';
import { kolmogorovSmirnovTest } from './kolmogorov-smirnov-test.js';
import type { Peer, PeerLive, PeerPlan, PeerReading } from './peer.js';
import { comparison, harmful, mean, present } from './samples.js';
import { welchTest } from './welch-test.js';

/** 98 % confidence, as canary judges use it; the same for every test, so that they differ in nothing else. */
const LEVEL = 0.02;
/** Below this −log₁₀ p is not told apart. */
const SMALLEST_P = 1e-300;

type TwoSided = (after: Float64Array, before: Float64Array) => number;

function readAll(test: TwoSided, { metrics, looks }: PeerPlan, live: readonly PeerLive[]): PeerReading {
  let isJudged = false;
  let smallest = 1;
  metrics.forEach((history, index) => {
    const arm = live[index];
    if (arm === undefined) return;
    const after = present(arm.treatment);
    const before = comparison(history, arm, looks);
    if (after.length < 2 || before.length < 2) return;
    isJudged = true;
    if (harmful(mean(after) - mean(before), history.direction) > 0)
      smallest = Math.min(smallest, test(after, before));
  });
  return { isJudged, isAlarm: smallest < LEVEL, score: -Math.log10(Math.max(smallest, SMALLEST_P)) };
}

/** A test of every metric by itself: an alarm when any is significant and moved to where it harms. */
function significancePeers(name: string, title: string, source: string, test: TwoSided): readonly Peer[] {
  return (['each look', 'once'] as const).map((cadence) => ({
    name: cadence === 'once' ? `${name}-once` : name,
    title: `${title}, ${cadence}`,
    source: `${source}; two-sided at 98 %, any metric, against the control or the same time before`,
    cadence,
    begin: (plan) => (live) => readAll(test, plan, live),
  }));
}

/** Tests of two samples as they are commonly put on metrics: autocorrelation, season, many metrics and looks are not thought of. */
export const significanceTests: readonly Peer[] = [
  ...significancePeers(
    'mann-whitney',
    'Mann-Whitney',
    'Mann & Whitney 1947',
    (after, before) => mannWhitney(after, before).p,
  ),
  ...significancePeers('welch', 'Welch t', 'Welch 1947', (after, before) => welchTest(after, before).p),
  ...significancePeers(
    'kolmogorov-smirnov',
    'Kolmogorov-Smirnov',
    'Smirnov 1939, exact by Hodges 1958',
    (after, before) => kolmogorovSmirnovTest(after, before).p,
  ),
];
