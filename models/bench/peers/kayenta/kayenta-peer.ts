import { NOTHING, type Peer, type PeerLive, type PeerPlan, type PeerReading } from '../peer.js';
import { comparison, present } from '../samples.js';
import { classifyMetric } from './classify-metric.js';
import { summaryScore } from './summary-score.js';

/** Thresholds of the example in Kayenta's own documentation of canary configurations; the judge has no default for them. */
const MARGINAL = 75;
const PASS = 95;
/** One sample has no ranks; the documentation asks for 50 and more. */
const FEWEST_SAMPLES = 2;

function read({ metrics, looks }: PeerPlan, live: readonly PeerLive[]): PeerReading {
  const length = live[0]?.treatment.length ?? 0;
  const isLast = length >= looks;
  if (length < FEWEST_SAMPLES && !isLast) return NOTHING;
  const classified = metrics.flatMap((history, index) => {
    const arm = live[index];
    if (arm === undefined) return [];
    const control = comparison(history, arm, looks);
    const classification = classifyMetric(present(arm.treatment), control, history.direction);
    return [{ group: history.kind, classification }];
  });
  const hasData = classified.some(({ classification }) => classification !== 'nodata');
  // Before the end, a canary that has not begun to report is waited for; at the end the judge gives it 0 points.
  if (!hasData && !isLast) return NOTHING;
  const score = summaryScore(classified);
  return { isJudged: true, isAlarm: score < (isLast ? PASS : MARGINAL), score: 100 - score };
}

function kayenta(cadence: Peer['cadence']): Peer {
  return {
    name: cadence === 'once' ? 'kayenta-once' : 'kayenta',
    title: `Kayenta judge, ${cadence}`,
    source:
      'NetflixACAJudge of Kayenta: Mann-Whitney interval at 98 %, tolerance 25 %, effect size 1.0, groups by kind at equal weight, marginal 75, pass 95; its documentation asks for 50 samples of a metric or more, which shorter watches do not have',
    cadence,
    begin: (plan) => (live) => read(plan, live),
  };
}

/** Kayenta's judge at every look, failing at the first score below marginal, and once at the end of the watch. */
export const kayentaPeers: readonly Peer[] = [kayenta('each look'), kayenta('once')];
