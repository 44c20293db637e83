import type { Place } from '../../domain/deployment.js';
import { standingOf } from '../calibration-check/standing-of.js';
import type { CalibrationView } from '../use-cases.js';
import { labelledHistory } from './labelled-history.js';

/** A service of which nothing is known yet. */
export function fakeCalibration(place: Place, nowMs: number): CalibrationView {
  const prior = {
    value: 0.1,
    declared: 0.1,
    source: 'policy',
    releases: 0,
    harmful: 0,
    labelled: 0,
  } as const;
  return {
    place,
    policy: { name: 'default', alpha: 0.05, prior: 0.1 },
    tuning: { prior, weights: [], feedback: [], sinceMs: nowMs },
    labelled: labelledHistory([]),
    freshChecks: { ...standingOf([], 0.05), newestAtMs: nowMs },
  };
}
