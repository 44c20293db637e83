import { againstText as comparedWith, movementText, type MetricEvidence } from '@bellwether/models';
import type { MetricFinding } from '../../domain/verdict.js';

type Judged = Extract<MetricEvidence, { kind: 'judged' }>;

/**
 * Evidence of one metric in the form that verdicts carry.
 * @param isDecider whether the verdict rests on it: then it is harmed, whatever its own p says, which is not corrected for anything
 */
export function findingOf(
  evidence: MetricEvidence,
  alpha: number,
  changeAtMs: number,
  intervalMs: number,
  isDecider: boolean,
): MetricFinding {
  if (evidence.kind === 'insufficient')
    return {
      name: evidence.name,
      status: 'insufficient',
      unit: '',
      contribution: 0,
      coverage: evidence.coverage,
      text: evidence.reason.text,
    };
  const status = isDecider ? 'harmed' : statusOf(evidence, alpha);
  return {
    name: evidence.name,
    status,
    unit: evidence.unit,
    contribution: evidence.contribution,
    p: evidence.p,
    effect: evidence.effect,
    ...(evidence.onsetLook === undefined ? {} : { onsetAtMs: changeAtMs + evidence.onsetLook * intervalMs }),
    baseline: evidence.baseline,
    scorer: evidence.scorer,
    ...(evidence.quantile === undefined ? {} : { quantile: evidence.quantile }),
    coverage: evidence.coverage,
    text: evidence.unproven?.text ?? sentence(evidence, status, intervalMs),
  };
}

function statusOf({ p, beyondMinEffect, unproven }: Judged, alpha: number): MetricFinding['status'] {
  if (unproven !== undefined) return 'insufficient';
  if (p > alpha) return 'quiet';
  return beyondMinEffect ? 'harmed' : 'moved';
}

function sentence(
  { name, unit, effect, quantile, onsetLook, baseline }: Judged,
  status: MetricFinding['status'],
  intervalMs: number,
): string {
  const range = `${signedPercent(effect.relativeLow)} to ${signedPercent(effect.relativeHigh)}`;
  if (status === 'quiet') return `${name} shows nothing unusual (${range} against ${comparedWith(baseline)})`;
  const onset = onsetLook === undefined ? {} : { onsetMs: onsetLook * intervalMs };
  const small = status === 'moved' ? '; less than the practical minimum' : '';
  const part = quantile === undefined ? {} : { quantile };
  return `${movementText({ metric: name, unit, effect, baseline, ...part, ...onset })} (${range})${small}`;
}

function signedPercent(share: number): string {
  if (!Number.isFinite(share)) return share > 0 ? 'more than +1000 %' : 'unbounded';
  const percent = share * 100;
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  return `${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(digits)} %`;
}
