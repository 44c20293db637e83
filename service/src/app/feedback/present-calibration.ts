import type { Tuning, TuningReset } from '../../domain/tuning.js';
import { instantText, optionalInstant } from '../instant-text.js';
import type { CalibrationView } from '../use-cases.js';

/** What history and feedback changed, as API, webhooks and report show it. */
export function presentTuning({ sinceMs, ...same }: Tuning) {
  return { ...same, ...optionalInstant('since', sinceMs) };
}

/** How well a service is calibrated, as the API shows it. */
export function presentCalibration(project: string, service: string, views: readonly CalibrationView[]) {
  return {
    project,
    service,
    items: views.map(({ place, policy, tuning, labelled, freshChecks: { newestAtMs, ...checks } }) => ({
      environment: place.environment,
      policy: policy.name,
      alpha: policy.alpha,
      prior: policy.prior,
      feedback: tuning === undefined ? ('off' as const) : ('on' as const),
      ...(tuning === undefined ? {} : { tuning: presentTuning(tuning) }),
      labelled,
      freshChecks: { ...checks, ...optionalInstant('newestAt', newestAtMs) },
    })),
  };
}

/** That tuning was set back, as the API shows it. */
export function presentReset({ atMs, ...same }: TuningReset) {
  return { ...same, at: instantText(atMs) };
}
