import {
  assess,
  calibrate,
  INITIAL_CARRIED,
  type Calibration,
  type LiveMetric,
  type Snapshot,
  type WindowScorer,
} from '../src/index.js';

/** How one simulated watch ended. */
export interface WatchOutcome {
  /** Look of the rollback, or undefined. */
  readonly rolledBackAt: number | undefined;
  readonly effectivePlacebos: number;
  readonly guarantee: string;
}

/**
 * Takes every look of a calibrated watch until a rollback or the end.
 *
 * @param scorer the learned scorer that it was calibrated with
 * @returns look of the rollback, or undefined
 */
export function watchCalibrated(
  calibration: Calibration,
  live: readonly LiveMetric[],
  scorer?: WindowScorer,
): number | undefined {
  let carried = INITIAL_CARRIED;
  for (let look = 1; look <= calibration.settings.plannedLooks; look++) {
    const assessment = assess(calibration, live, look, carried, scorer);
    if (assessment.value === 'rollback') return look;
    carried = assessment.carried;
  }
  return undefined;
}

/** Watches a deployment at every look until a rollback or the end. */
export function watchDeployment(snapshot: Snapshot, live: readonly LiveMetric[]): WatchOutcome {
  const calibration = calibrate(snapshot);
  const { effectivePlacebos, guarantee } = calibration.summary;
  return { rolledBackAt: watchCalibrated(calibration, live), effectivePlacebos, guarantee };
}
