import { assess, calibrate, INITIAL_CARRIED, type LiveMetric, type Snapshot } from '../src/index.js';

/** How one simulated watch ended. */
export interface WatchOutcome {
  /** Look of the rollback, or undefined. */
  readonly rolledBackAt: number | undefined;
  readonly effectivePlacebos: number;
  readonly guarantee: string;
}

/** Watches a deployment at every look until a rollback or the end. */
export function watchDeployment(snapshot: Snapshot, live: readonly LiveMetric[]): WatchOutcome {
  const calibration = calibrate(snapshot);
  const { effectivePlacebos, guarantee } = calibration.summary;
  let carried = INITIAL_CARRIED;
  for (let look = 1; look <= snapshot.plannedLooks; look++) {
    const assessment = assess(calibration, live, look, carried);
    if (assessment.value === 'rollback') return { rolledBackAt: look, effectivePlacebos, guarantee };
    carried = assessment.carried;
  }
  return { rolledBackAt: undefined, effectivePlacebos, guarantee };
}
