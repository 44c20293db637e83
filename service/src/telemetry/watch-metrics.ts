import { Counter, Histogram, type Registry } from 'prom-client';
import type { Verdict, VerdictRule } from '../domain/verdict.js';

/** What watching deployments tells of itself. */
export interface WatchMetrics {
  /** A look was taken. @param lagMs how long after it was due it began */
  looked(lagMs: number, durationMs: number): void;
  /** A look failed and stayed due. */
  lookFailed(): void;
  /** A deployment's verdict changed. */
  judged(verdict: Verdict): void;
}

/** Verdicts that people made, whatever evidence there was before. */
const UNJUDGED: readonly VerdictRule[] = ['override', 'superseded', 'cancelled'];
/** Of so many watches it is known that their p-value was counted: a hold that ends gives the same verdict again within days. */
const MOST_REMEMBERED = 10_000;
const FINAL: readonly Verdict['value'][] = ['continue', 'rollback', 'inconclusive'];
/** Narrow where decisions fall, deciles above: over releases without harm p-values spread evenly, which can be seen and alerted on. */
const P_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const HARM_BUCKETS = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

export function createWatchMetrics(registry: Registry): WatchMetrics {
  const registers = [registry];
  const looks = new Counter({ name: 'bellwether_looks_total', help: 'Looks taken.', registers });
  const failures = new Counter({
    name: 'bellwether_look_failures_total',
    help: 'Looks that failed and stayed due.',
    registers,
  });
  const lag = new Histogram({
    name: 'bellwether_look_lag_seconds',
    help: 'How long after it was due a look began.',
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120, 600],
    registers,
  });
  const duration = new Histogram({
    name: 'bellwether_look_duration_seconds',
    help: 'How long a look took, from reading the sources to the commit.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers,
  });
  const verdicts = new Counter({
    name: 'bellwether_verdicts_total',
    help: 'Changes of verdict, by verdict, guarantee behind it and rule that made it.',
    labelNames: ['verdict', 'guarantee', 'rule'] as const,
    registers,
  });
  const pValues = new Histogram({
    name: 'bellwether_final_p_value',
    help: 'p-values of final verdicts that a look gave, one a watch; even over releases without harm.',
    labelNames: ['guarantee'] as const,
    buckets: P_BUCKETS,
    registers,
  });
  const harm = new Histogram({
    name: 'bellwether_final_harm_probability',
    help: 'Probability of harm in final verdicts that a look gave, one a watch.',
    buckets: HARM_BUCKETS,
    registers,
  });
  const counted = new Set<string>();
  const isCounted = (watchId: string): boolean => {
    if (counted.has(watchId)) return true;
    const [oldest] = counted;
    if (oldest !== undefined && counted.size >= MOST_REMEMBERED) counted.delete(oldest);
    counted.add(watchId);
    return false;
  };
  return {
    looked(lagMs, durationMs) {
      looks.inc();
      lag.observe(Math.max(0, lagMs) / 1000);
      duration.observe(Math.max(0, durationMs) / 1000);
    },
    lookFailed: () => failures.inc(),
    judged({ value, guarantee, rule, p, harmProbability, watchId, evidenceHash }) {
      verdicts.inc({ verdict: value, guarantee, rule });
      // Only looks have evidence: what a failed check or a watch that was given up says of p is nothing.
      const isByLook = evidenceHash !== undefined && !UNJUDGED.includes(rule);
      if (!FINAL.includes(value) || !isByLook || isCounted(watchId)) return;
      pValues.observe({ guarantee }, p);
      harm.observe(harmProbability);
    },
  };
}
