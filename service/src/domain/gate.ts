import type { Reason } from '@bellwether/models';
import type { CheckStanding } from './required-check.js';

/** What the metrics say may still be turned by required checks and by a hold. */
export type GatedValue = 'pending' | 'continue' | 'rollback' | 'inconclusive';
export type GateRule = 'check-failed' | 'checks-missing' | 'awaiting-checks' | 'held';

/** Everything beside the metrics that a verdict rests on, as it was at that moment. */
export interface GateInputs {
  readonly checks: readonly CheckStanding[];
  /** Absent: nobody holds the deployment. */
  readonly hold?: { readonly reason: string; readonly sinceMs: number; readonly untilMs?: number };
  /** Every planned look was taken: what the metrics say now is their last word. */
  readonly looksOver: boolean;
}

export interface Gated {
  readonly value: GatedValue;
  /** Absent: the gate left the word of the metrics as it is. */
  readonly rule?: GateRule;
  /** Why the gate decided so. */
  readonly reasons: readonly Reason[];
  /** What is missing before it opens; only while pending. */
  readonly stillNeeded: readonly Reason[];
}

/**
 * Required checks and holds over what the metrics say. A rollback passes always; a `continue` only when every required check passed and
 * nobody holds. Pure: a verdict is replayed from the stored inputs.
 * @example gate('continue', { checks: [{ name: 'smoke', onFailure: 'rollback', standing: 'missing' }], looksOver: false }).value // 'pending'
 */
export function gate(value: GatedValue, inputs: GateInputs): Gated {
  if (value === 'rollback') return untouched(value);
  const harmful = failed(inputs).filter((check) => check.onFailure === 'rollback');
  if (harmful.length > 0)
    return { value: 'rollback', rule: 'check-failed', reasons: harmful.map(failure), stillNeeded: [] };
  const checked = byChecks(value, inputs);
  if (inputs.hold === undefined) return checked;
  const reason = holding(inputs.hold);
  return { value: 'pending', rule: 'held', reasons: [reason], stillNeeded: [reason, ...wanted(inputs)] };
}

function byChecks(value: Exclude<GatedValue, 'rollback'>, inputs: GateInputs): Gated {
  const stillNeeded = wanted(inputs);
  if (value !== 'continue' || stillNeeded.length === 0)
    return value === 'pending' ? { ...untouched(value), stillNeeded } : untouched(value);
  const lost = failed(inputs);
  const overdue = inputs.checks.filter((check) => check.standing === 'overdue');
  if (inputs.looksOver && lost.length > 0) return barred('check-failed', lost.map(failure));
  if (inputs.looksOver && overdue.length > 0) return barred('checks-missing', overdue.map(lateness));
  return { value: 'pending', rule: 'awaiting-checks', reasons: stillNeeded, stillNeeded };
}

function untouched(value: GatedValue): Gated {
  return { value, reasons: [], stillNeeded: [] };
}

function barred(rule: GateRule, reasons: readonly Reason[]): Gated {
  return { value: 'inconclusive', rule, reasons, stillNeeded: [] };
}

function failed({ checks }: GateInputs): readonly CheckStanding[] {
  return checks.filter((check) => check.standing === 'failed');
}

const needs: Readonly<Record<Exclude<CheckStanding['standing'], 'passed'>, string>> = {
  missing: 'has not been reported yet',
  overdue: 'has not been reported in time',
  running: 'is still running',
  expired: 'has expired and must be given again',
  failed: 'failed; it must be run again and pass',
};

function wanted({ checks }: GateInputs): readonly Reason[] {
  return checks.flatMap((check) =>
    check.standing === 'passed'
      ? []
      : [{ code: 'check-needed', text: `the required check ${named(check)} ${needs[check.standing]}` }],
  );
}

function failure(check: CheckStanding): Reason {
  return { code: 'check-failed', text: `the required check ${named(check)} failed` };
}

function lateness(check: CheckStanding): Reason {
  return {
    code: 'check-missing',
    text: `the required check ${named(check)} had not passed when its time was over`,
  };
}

function holding({ reason, untilMs }: NonNullable<GateInputs['hold']>): Reason {
  const end = untilMs === undefined ? 'until somebody proceeds' : `until ${new Date(untilMs).toISOString()}`;
  return { code: 'held', text: `a person holds this deployment ${end}: ${reason}` };
}

function named({ name, kind, step }: CheckStanding): string {
  const of = [kind, step === undefined ? undefined : `step ${step}`].filter((part) => part !== undefined);
  return of.length === 0 ? `"${name}"` : `"${name}" (${of.join(', ')})`;
}
