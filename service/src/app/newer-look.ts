import type { MetricEvidence } from '@bellwether/models';
import type { Evidence } from '../domain/evidence.js';
import type { Verdict } from '../domain/verdict.js';
import { findingOf } from './evaluate/describe-finding.js';

/**
 * A pending verdict as the newest look under it shows it: a verdict is written when it changes, and looks go on. One that was
 * decided, or is newer than the evidence, stays as it is.
 */
export function underNewerLook(
  verdict: Verdict,
  evidence: Evidence | undefined,
  intervalMs: number,
): Verdict {
  if (verdict.value !== 'pending' || evidence === undefined) return verdict;
  const { watchId, look, changeAtMs, assessment } = evidence;
  if (watchId !== verdict.watchId || look <= verdict.look || assessment.metrics.length === 0) return verdict;
  // Evidence is kept without its arrays, which no finding shows.
  const judged = assessment.metrics as unknown as readonly MetricEvidence[];
  const { explanation: _old, forecasts: _older, ...rest } = verdict;
  return {
    ...rest,
    look,
    p: assessment.p,
    asOfMs: changeAtMs + look * intervalMs,
    findings: judged.map((one) => findingOf(one, verdict.alpha, changeAtMs, intervalMs, false)),
    ...(assessment.explanation === undefined ? {} : { explanation: assessment.explanation }),
    ...(assessment.forecasts === undefined ? {} : { forecasts: assessment.forecasts }),
  };
}
