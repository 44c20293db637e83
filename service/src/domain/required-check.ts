import type { Role } from './access.js';
import { stateAt, type Check, type CheckKind, type RequiredCheck } from './check.js';
import type { Deployment } from './deployment.js';

/** `overdue`: still missing, running or expired when its timeout was over. */
export type Standing = 'passed' | 'failed' | 'running' | 'expired' | 'missing' | 'overdue';

/** A required check as it stood when a verdict was reached: one input of that verdict. */
export interface CheckStanding extends Pick<RequiredCheck, 'name' | 'kind' | 'step' | 'onFailure'> {
  readonly standing: Standing;
  /** Which report it rests on. */
  readonly revision?: number;
  readonly reportedAtMs?: number;
  /** When its timeout was over, of one that is overdue. */
  readonly overdueSinceMs?: number;
}

const ranks: Readonly<Record<Role, number>> = { viewer: 0, pipeline: 1, operator: 2, admin: 3 };

/** Whether a role reaches at least as far as another; one of a newer version reaches nowhere. */
export function isAtLeast(role: Role, least: Role): boolean {
  return (Object.hasOwn(ranks, role) ? ranks[role] : 0) >= ranks[least];
}

/** What people answer for needs a person's token; what machines find out does not. */
const leastRoles: Readonly<Record<CheckKind, Role>> = {
  'smoke-test': 'pipeline',
  junit: 'pipeline',
  custom: 'pipeline',
  'sign-off': 'operator',
  'change-approval': 'operator',
};

/** The least role that may report a check of this kind: the highest that any requirement of its name asks for. */
export function leastRoleFor(kind: CheckKind, required: readonly RequiredCheck[]): Role {
  const asked = required.map(({ role }) => role ?? leastRoles[kind]);
  return asked.toSorted((a, b) => ranks[b] - ranks[a])[0] ?? leastRoles[kind];
}

/** What one step that has begun asks for. */
export interface StepDemand extends RequiredCheck {
  readonly stepIndex: number;
  /** Whether every step asks for it. */
  readonly isGeneral: boolean;
}

/** A person's override, which settles what was asked for up to its step. */
export interface Settlement {
  readonly stepIndex: number;
  readonly atMs: number;
}

/** The checks that the steps up to this one must have; a rollback is proven by its metrics alone. */
export function requiredUpTo(deployment: Deployment, stepIndex: number): readonly StepDemand[] {
  if (deployment.rollbackOf !== undefined) return [];
  const begun = Array.from({ length: stepIndex + 1 }, (_, index) => index);
  return begun.flatMap((index) => {
    const name = deployment.plannedSteps[index]?.name;
    return (deployment.policy.requiredChecks ?? [])
      .filter(({ step }) => step === undefined || step === name)
      .map(({ step, ...rest }) => {
        // What the newest step has in common with all others needs no step to be named.
        const named = index < stepIndex ? name : step;
        return {
          ...rest,
          stepIndex: index,
          isGeneral: step === undefined,
          ...(named === undefined ? {} : { step: named }),
        };
      });
  });
}

/**
 * How required checks stand, each by the report for its own step. A report for the step outranks one for the whole release, and one of
 * another kind than required does not count.
 * @param stepIndex the newest step
 * @param endedAtMs when the last look of the watch was over; absent while looks are still to come
 */
export function standingsOf(
  demands: readonly StepDemand[],
  checks: readonly Check[],
  stepIndex: number,
  nowMs: number,
  { endedAtMs, settled }: { readonly endedAtMs?: number; readonly settled?: Settlement } = {},
): readonly CheckStanding[] {
  return demands.flatMap((demand) => {
    const check = reportFor(demand, checks);
    const isOver =
      demand.stepIndex < stepIndex &&
      (isSettled(demand, check, settled) || isRepeated(demand, check, checks, stepIndex, nowMs));
    return isOver ? [] : [standingOf(demand, check, nowMs, endedAtMs)];
  });
}

function reportFor(
  { name, kind, stepIndex }: Pick<StepDemand, 'name' | 'kind' | 'stepIndex'>,
  checks: readonly Check[],
): Check | undefined {
  const fitting = checks.filter(
    (check) => check.name === name && (kind === undefined || check.kind === kind),
  );
  return (
    fitting.find((one) => one.stepIndex === stepIndex) ?? fitting.find((one) => one.stepIndex === undefined)
  );
}

/** An override goes over what was known then; a later report counts again. */
function isSettled(demand: StepDemand, check: Check | undefined, settled: Settlement | undefined): boolean {
  return (
    settled !== undefined &&
    demand.stepIndex <= settled.stepIndex &&
    (check === undefined || check.reportedAtMs <= settled.atMs)
  );
}

/** What every step asks for is shown once where one report, or none, speaks for both; of an earlier step only what it still lacks. */
function isRepeated(
  demand: StepDemand,
  check: Check | undefined,
  checks: readonly Check[],
  stepIndex: number,
  nowMs: number,
): boolean {
  if (!demand.isGeneral) return false;
  const isPassed = check !== undefined && stateAt(check, nowMs) === 'passed';
  return isPassed || check === reportFor({ ...demand, stepIndex }, checks);
}

function standingOf(
  { name, kind, step, onFailure, timeoutMs }: StepDemand,
  check: Check | undefined,
  nowMs: number,
  endedAtMs: number | undefined,
): CheckStanding {
  const state = check === undefined ? 'missing' : stateAt(check, nowMs);
  const isDecided = state === 'passed' || state === 'failed';
  const dueAtMs = endedAtMs === undefined ? Infinity : endedAtMs + timeoutMs;
  const isOverdue = !isDecided && nowMs >= dueAtMs;
  return {
    name,
    onFailure,
    standing: isOverdue ? 'overdue' : state,
    ...(isOverdue ? { overdueSinceMs: dueAtMs } : {}),
    ...(kind === undefined ? {} : { kind }),
    ...(step === undefined ? {} : { step }),
    ...(check === undefined ? {} : { revision: check.revision, reportedAtMs: check.reportedAtMs }),
  };
}
