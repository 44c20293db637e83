import { Counter, Gauge, type Registry } from 'prom-client';
import type { Place } from '../domain/deployment.js';
import type { CheckStanding, FreshOutcome } from '../domain/fresh-check.js';

/** What the checks on quiet moments tell of themselves. */
export interface CalibrationMetrics {
  /** A quiet moment was judged, or could not be. */
  checked(outcome: FreshOutcome | 'failed'): void;
  /** How a service stands after it. */
  stands(place: Place, standing: CheckStanding): void;
  /** A service is deployed no more: no alert shall rest on what it stood at. */
  gone(place: Place): void;
}

const OUTCOMES = ['quiet', 'rolled-back', 'guard-rail', 'not-judged', 'failed'] as const;
const PLACE = ['project', 'service', 'environment'] as const;

export function createCalibrationMetrics(registry: Registry): CalibrationMetrics {
  const registers = [registry];
  const checks = new Counter({
    name: 'bellwether_calibration_checks_total',
    help: 'Quiet moments judged as if something had been deployed, by what came of it.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of OUTCOMES) checks.inc({ outcome }, 0);
  const gauge = (name: string, help: string): Gauge<(typeof PLACE)[number]> =>
    new Gauge({ name: `bellwether_calibration_${name}`, help, labelNames: PLACE, registers });
  const judged = gauge('judged', 'Quiet moments of a service that its realised rate rests on.');
  const rate = gauge('false_rollback_rate', 'Share of quiet moments that would have been rolled back.');
  const low = gauge(
    'false_rollback_rate_low',
    'Lower end of its interval, which holds at every check at once.',
  );
  const high = gauge('false_rollback_rate_high', 'Upper end of its interval.');
  const alpha = gauge('alpha', 'The false-rollback rate that is promised.');
  return {
    checked: (outcome) => checks.inc({ outcome }),
    stands({ project, service, environment }, standing) {
      const labels = { project, service, environment };
      judged.set(labels, standing.judged);
      rate.set(labels, standing.rate ?? NaN);
      low.set(labels, standing.low);
      high.set(labels, standing.high);
      alpha.set(labels, standing.alpha);
    },
    gone({ project, service, environment }) {
      for (const each of [judged, rate, low, high, alpha]) each.remove({ project, service, environment });
    },
  };
}
