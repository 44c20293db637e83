import type { Assessment, Reason } from '@bellwether/models';
import type { ReadMetric } from '../window/read-metric.js';

/**
 * The assessment with what went wrong in reading a metric in place of "no data". The science sees NaN alone; people need to know which
 * selector to mend.
 *
 * @param live in the order of `assessment.metrics`
 */
export function nameProblems(assessment: Assessment, live: readonly ReadMetric[]): Assessment {
  if (live.every((metric) => metric.problem === undefined)) return assessment;
  const metrics = assessment.metrics.map((metric, i) => {
    const problem = live[i]?.problem;
    return metric.kind === 'insufficient' && problem ? { ...metric, reason: problem } : metric;
  });
  const problems = metrics.flatMap((metric, i) =>
    metric.kind === 'insufficient' && live[i]?.problem ? [metric.reason] : [],
  );
  const gaps = new Set(assessment.metrics.flatMap((m) => (m.kind === 'insufficient' ? [m.reason.code] : [])));
  const named = (reason: Reason): Reason =>
    gaps.has(reason.code) ? (problems.find((p) => p.metric === reason.metric) ?? reason) : reason;
  const reasons = assessment.reasons.map(named);
  const unsaid = assessment.value === 'inconclusive' ? problems.filter((p) => !reasons.includes(p)) : [];
  return {
    ...assessment,
    metrics,
    reasons: [...reasons, ...unsaid],
    stillNeeded: assessment.stillNeeded.map(named),
  };
}
