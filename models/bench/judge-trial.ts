import {
  calibrate,
  SHIPPED_MODEL,
  type Calibration,
  type LiveMetric,
  type Snapshot,
  type WindowScorer,
} from '../src/index.js';
import type { PeerWindow } from './peers/peer.js';
import { runPeer } from './peers/run-peer.js';
import { significanceTests } from './peers/significance-peers.js';
import { proportionsTest } from './proportions-test.js';
import { drawArms } from './synthetic-arms.js';
import { drawPast } from './synthetic-service.js';
import { MANN_WHITNEY, OURS, Z_TEST, type PastResult, type Trial } from './trial.js';
import { watchCalibrated } from './watch-deployment.js';

/** 98 % confidence, as the other methods. */
const Z_LEVEL = 0.02;

/** A past that was calibrated once, and what follows it. */
interface Judged {
  readonly snapshot: Snapshot;
  readonly calibration: Calibration;
  readonly futures: readonly (readonly LiveMetric[])[];
}

/** The same snapshot for a watch that asks the learned scorer, where there is one. */
function asking(snapshot: Snapshot, scorer: WindowScorer | undefined): Snapshot {
  return scorer === undefined ? snapshot : { ...snapshot, learned: SHIPPED_MODEL };
}

function drawPasts(
  { subject, firstSeed, pasts, futures }: Trial,
  past: number,
  scorer: WindowScorer | undefined,
): Judged {
  if (subject.kind === 'service') {
    const { snapshot, drawFuture } = drawPast(subject.service, firstSeed + past);
    return {
      snapshot,
      calibration: calibrate(asking(snapshot, scorer), scorer),
      futures: Array.from({ length: futures }, (_, future) => drawFuture(future, subject.harm)),
    };
  }
  // Every canary has a past of its own: that of its control is short.
  const { snapshot, live } = drawArms(subject.plan, firstSeed + past, subject.isHarmed);
  if (futures !== 1) throw new RangeError(`a canary follows a past alone, not ${futures} of ${pasts} pasts`);
  return { snapshot, calibration: calibrate(asking(snapshot, scorer), scorer), futures: [live] };
}

function peerWindow(
  { intervalMs, plannedLooks, metrics }: Snapshot,
  live: readonly LiveMetric[],
): PeerWindow {
  return {
    intervalMs,
    looks: plannedLooks,
    metrics: metrics.map(({ rule, treatment }, index) => ({
      kind: rule.kind,
      direction: rule.direction,
      past: values(treatment),
      treatment: values(live[index]?.treatment),
      ...(live[index]?.control === undefined ? {} : { control: values(live[index].control) }),
    })),
  };
}

/** Values of a gauge, shares of a ratio. */
function values(arm: LiveMetric['treatment'] | undefined): Float64Array {
  if (arm?.shape === 'gauge') return arm.values;
  if (arm?.shape === 'ratio') return arm.events.map((events, index) => events / (arm.totals[index] ?? NaN));
  return new Float64Array(0);
}

function alarmOf(name: string, window: PeerWindow): number | null {
  const peer = significanceTests.find((each) => each.name === name);
  if (peer === undefined) throw new Error(`there is no peer ${name}`);
  const { verdict, look } = runPeer(peer, window);
  return verdict === 'rollback' ? look : null;
}

/** First look at which the errors since the change differ between the arms, and harm. */
function proportionsAlarm({ plannedLooks }: Snapshot, [metric]: readonly LiveMetric[]): number | null {
  if (metric?.treatment.shape !== 'ratio' || metric.control?.shape !== 'ratio') return null;
  const sum = (line: Float64Array, look: number): number =>
    line.subarray(0, look).reduce((total, value) => total + value, 0);
  for (let look = 1; look <= plannedLooks; look++) {
    const [a, b] = [metric.treatment, metric.control].map(({ events, totals }) => ({
      events: sum(events, look),
      total: sum(totals, look),
    }));
    if (a === undefined || b === undefined) return null;
    if (a.events * b.total > b.events * a.total && proportionsTest(a, b) < Z_LEVEL) return look;
  }
  return null;
}

/** What every method makes of the deployments of one past. */
function judgePast(trial: Trial, past: number, scorer: WindowScorer | undefined): PastResult {
  const { snapshot, calibration, futures } = drawPasts(trial, past, scorer);
  const shown = futures.slice(0, trial.peerFutures);
  const windows = shown.map((live) => peerWindow(snapshot, live));
  const zTest =
    trial.subject.kind === 'service'
      ? windows.map((window) => alarmOf('welch', window))
      : shown.map((live) => proportionsAlarm(snapshot, live));
  return {
    alarms: {
      [OURS]: futures.map((live) => watchCalibrated(calibration, live, scorer) ?? null),
      [MANN_WHITNEY]: windows.map((window) => alarmOf('mann-whitney', window)),
      [Z_TEST]: zTest,
    },
    effectivePlacebos: calibration.summary.effectivePlacebos,
  };
}

/**
 * Judges a trial; the same trial gives the same result.
 *
 * @param scorer the shipped model, for a trial that asks it
 */
export function judgeTrial(trial: Trial, scorer?: WindowScorer): readonly PastResult[] {
  return Array.from({ length: trial.pasts }, (_, past) => judgePast(trial, past, scorer));
}
