import {
  INITIAL_CARRIED,
  type Assessment,
  type CalibrationSummary,
  type LiveMetric,
  type Reason,
} from '@bellwether/models';
import type { VerdictRule } from '../../domain/verdict.js';
import type { Engine } from '../../engine/port.js';
import { canarySilence, SILENCE_HARM_PROBABILITY } from '../evaluate/canary-silence.js';
import type { PreparedWindow } from './prepare-window.js';

/** How a watch over a recorded window ended, as it would have ended live. */
export interface Rehearsal {
  readonly value: 'continue' | 'rollback' | 'inconclusive';
  readonly rule: VerdictRule;
  /** Look that decided. */
  readonly look: number;
  readonly assessment: Assessment;
  readonly reasons: readonly Reason[];
  readonly calibration: CalibrationSummary;
}

/**
 * Judges a recorded window look by look, each look blind to what came after it. A rollback ends the watch. After a `continue` before
 * the end the watch goes on, as live: a rollback then is a late regression, and anything else leaves that `continue` as it is.
 *
 * @param key names this window in the engine; unique among those that are judged at the same time
 */
export async function rehearseWindow(
  engine: Engine,
  key: string,
  window: PreparedWindow,
): Promise<Rehearsal> {
  const { snapshot } = window;
  const calibration = await engine.calibrate(key, snapshot);
  try {
    let carried = INITIAL_CARRIED;
    let early: Rehearsal | undefined;
    for (let look = 1; ; look++) {
      const live = window.upTo(look);
      const assessment = await engine.assess(key, live, look, carried);
      carried = assessment.carried;
      const judged = judgement(window, live, assessment, calibration);
      if (judged?.value === 'rollback')
        return early === undefined ? judged : { ...judged, rule: 'late-regression' };
      early ??= judged;
      if (look >= snapshot.plannedLooks) return early ?? undecided(assessment, calibration);
    }
  } finally {
    engine.release(key);
  }
}

/** @returns undefined while the watch is to go on */
function judgement(
  { snapshot, canarySilence: isAsked, trafficShare }: PreparedWindow,
  live: readonly LiveMetric[],
  assessment: Assessment,
  calibration: CalibrationSummary,
): Rehearsal | undefined {
  const { value, rule, look, reasons } = assessment;
  const rules = snapshot.metrics.map((metric) => metric.rule);
  const silence = isAsked ? canarySilence(live, rules, trafficShare) : undefined;
  if (silence !== undefined) {
    const text = `The canary served nothing for ${silence.looks} intervals while the control group served ${Math.round(silence.controlRequests)} requests.`;
    return {
      value: 'rollback',
      rule: 'canary-silent',
      look,
      assessment: {
        ...assessment,
        guarantee: 'guard-rail',
        harmProbability: Math.max(assessment.harmProbability, SILENCE_HARM_PROBABILITY),
      },
      reasons: [{ code: 'canary-silent', text }, ...reasons],
      calibration,
    };
  }
  return value === 'pending' ? undefined : { value, rule, look, assessment, reasons, calibration };
}

/** The engine decides at the last look; should it ever not, that is no ground to continue. */
function undecided(assessment: Assessment, calibration: CalibrationSummary): Rehearsal {
  const { look, reasons } = assessment;
  return { value: 'inconclusive', rule: 'not-enough-data', look, assessment, reasons, calibration };
}
