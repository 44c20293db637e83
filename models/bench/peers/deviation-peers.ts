import { NOTHING, type Peer, type PeerHistory, type PeerLive, type PeerReading } from './peer.js';
import { harmful, mean, present, standardDeviation, standardised } from './samples.js';

const THRESHOLD = 3;
/** A spread from fewer values is none. */
const FEWEST_VALUES = 3;
/** Intervals before the change that the shift of the mean is measured against. */
const SHIFT_BASE = 15;
/** Values that overflow count as no more than this. */
const LARGEST_SCORE = 1e12;

type Deviation = (history: PeerHistory, after: Float64Array, looks: number) => number | undefined;

/** The interval that lies farthest from the mean before the change, in standard deviations from then. */
const farthestInterval: Deviation = (history, after, looks) => {
  const before = present(history.past.slice(-looks));
  if (before.length < FEWEST_VALUES) return undefined;
  const [centre, spread] = [mean(before), standardDeviation(before)];
  return after.reduce(
    (worst, value) => Math.max(worst, harmful(standardised(value - centre, spread), history.direction)),
    0,
  );
};

/** How far the mean since the change lies from that of a quarter of an hour (15 intervals) before. */
const shiftOfMean: Deviation = (history, after) => {
  const before = present(history.past.slice(-SHIFT_BASE));
  if (before.length < FEWEST_VALUES) return undefined;
  return harmful(standardised(mean(after) - mean(before), standardDeviation(before)), history.direction);
};

function read(
  deviation: Deviation,
  metrics: readonly PeerHistory[],
  live: readonly PeerLive[],
  looks: number,
): PeerReading {
  const scores = metrics.flatMap((history, index) => {
    const after = present(live[index]?.treatment ?? new Float64Array(0));
    return after.length === 0 ? [] : (deviation(history, after, looks) ?? []);
  });
  if (scores.length === 0) return NOTHING;
  const score = Math.min(LARGEST_SCORE, Math.max(...scores));
  return { isJudged: true, isAlarm: score > THRESHOLD, score };
}

function deviationPeer(head: Omit<Peer, 'begin'>, deviation: Deviation): Peer {
  return { ...head, begin: (plan) => (live) => read(deviation, plan.metrics, live, plan.looks) };
}

/** Control limits and the shift of the mean in standard deviations, each metric by itself. */
export const deviationPeers: readonly Peer[] = [
  deviationPeer(
    {
      name: 'three-sigma',
      title: '3 σ, each interval',
      source: 'Shewhart 1931: any interval beyond mean ± 3 standard deviations of the same time before',
      cadence: 'each look',
    },
    farthestInterval,
  ),
  deviationPeer(
    {
      name: 'z-shift',
      title: 'z-shift, each look',
      source:
        'mean since the change against the 15 intervals before it, beyond 3 of their standard deviations',
      cadence: 'each look',
    },
    shiftOfMean,
  ),
  deviationPeer(
    {
      name: 'z-shift-once',
      title: 'z-shift, once',
      source:
        'mean since the change against the 15 intervals before it, beyond 3 of their standard deviations',
      cadence: 'once',
    },
    shiftOfMean,
  ),
];
