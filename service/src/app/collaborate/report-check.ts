import { checkEvents, checkTransitions } from '../../domain/check-machine.js';
import { stateAt, type Check, type RequiredCheck } from '../../domain/check.js';
import type { Deployment } from '../../domain/deployment.js';
import { isAtLeast, leastRoleFor } from '../../domain/required-check.js';
import { next } from '../../domain/state-machine.js';
import type { Transaction } from '../../store/port.js';
import type { AppContext } from '../context.js';
import { presentCheck } from '../present-collaboration.js';
import { AppError, type Caller, type CheckReport } from '../use-cases.js';
import { authorOf, personOf } from './author-of.js';
import { changeBeside, type Change } from './change-beside.js';

/** Checks of one deployment, each name and step counted once. */
const MOST_CHECKS = 200;
/** Reports of all checks of one deployment that nobody requires, and of each one that is required: each is an entry of its audit trail. */
const MOST_REPORTS = 1_000;

/**
 * Records a report of a named check. The newest report counts; the same report again changes nothing.
 * @throws AppError `forbidden` when the kind or the policy asks for another role, `conflict` in a state that takes no checks
 */
export function reportCheck(
  ctx: AppContext,
  caller: Caller,
  id: string,
  report: CheckReport,
): Promise<Check> {
  return changeBeside(ctx, caller, 'deploy', id, async (tx, deployment): Promise<Change<Check>> => {
    refuseEnded(deployment);
    const stepIndex = stepOf(deployment, report.step);
    const required = requirementsFor(deployment, report.name, stepIndex);
    checkKind(report, required);
    checkRole(caller, report, required);
    checkPerson(report);
    const known = await tx.checks(id);
    const before = known.find((check) => check.name === report.name && check.stepIndex === stepIndex);
    checkRoom(known, before, deployment, report.name);
    const check = await nextReport(ctx, tx, caller, { report, deployment, stepIndex, before });
    if (before !== undefined && sameReport(before, check)) return { result: before };
    checkReports(check);
    await tx.putCheck(check);
    return { result: check, movesGate: true, told: telling(check, deployment) };
  });
}

function telling(check: Check, deployment: Deployment): NonNullable<Change<Check>['told']> {
  const { summary, link, ...shown } = presentCheck(check, deployment);
  const { deploymentId, by, ...audited } = shown;
  return {
    action: 'check.report',
    // What people wrote stays out of the chain, where it could never be deleted.
    detail: { ...audited, ...(link === undefined ? {} : { link }), ...personOf(check) },
    event: 'check.reported',
    data: presentCheck(check, deployment),
  };
}

function refuseEnded({ state }: Deployment): void {
  if (state === 'running' || state === 'finished') return;
  throw new AppError('conflict', `a deployment that is ${state} takes no checks`, {
    remedy: 'report it for the deployment that runs now',
  });
}

function stepOf({ plannedSteps }: Deployment, step: string | undefined): number | undefined {
  if (step === undefined) return undefined;
  const index = plannedSteps.findIndex(({ name }) => name === step);
  if (index >= 0) return index;
  const names = plannedSteps.map(({ name }) => name).join(', ');
  throw new AppError('invalid', `this deployment has no step "${step}"`, {
    field: '/step',
    remedy: `name one of its planned steps (${names}), or leave "step" out to speak of the whole release`,
  });
}

/** What the policy says of a check with this name; one for the whole release speaks to every step. */
function requirementsFor(
  { policy, plannedSteps }: Deployment,
  name: string,
  stepIndex: number | undefined,
): readonly RequiredCheck[] {
  const step = stepIndex === undefined ? undefined : plannedSteps[stepIndex]?.name;
  return (policy.requiredChecks ?? []).filter(
    (one) => one.name === name && (step === undefined || one.step === undefined || one.step === step),
  );
}

function checkKind({ name, kind }: CheckReport, required: readonly RequiredCheck[]): void {
  const other = required.find((one) => one.kind !== undefined && one.kind !== kind);
  if (other?.kind === undefined) return;
  throw new AppError('invalid', `the policy requires "${name}" as ${other.kind}, not as ${kind}`, {
    field: '/kind',
    remedy: `report it with the kind "${other.kind}", or give this check another name`,
  });
}

function checkRole(caller: Caller, { name, kind }: CheckReport, required: readonly RequiredCheck[]): void {
  const least = leastRoleFor(kind, required);
  if (isAtLeast(caller.role, least)) return;
  throw new AppError(
    'forbidden',
    `a ${kind} "${name}" needs the role ${least}; this token has ${caller.role}`,
    {
      field: '/kind',
      remedy: `use a token with the role ${least}, or let the policy name another role for this check (requiredChecks)`,
    },
  );
}

function checkPerson({ kind, by }: CheckReport): void {
  if (kind !== 'sign-off' || by?.role !== undefined) return;
  throw new AppError('invalid', 'a sign-off names the person who gives it and that person’s role', {
    field: by === undefined ? '/by' : '/by/role',
    remedy: 'send "by": {"name": "…", "role": "…"}',
  });
}

/** What the policy requires always has room: reports of something else must not keep a verdict from being reached. */
function checkRoom(
  all: readonly Check[],
  before: Check | undefined,
  { policy }: Deployment,
  reported: string,
): void {
  const required = new Set((policy.requiredChecks ?? []).map(({ name }) => name));
  if (required.has(reported)) return;
  const known = all.filter(({ name }) => !required.has(name));
  if (before === undefined && known.length >= MOST_CHECKS)
    throw new AppError('conflict', `a deployment takes at most ${MOST_CHECKS} checks that nobody requires`, {
      field: '/name',
      remedy: 'report related tests as one check, for instance as one JUnit report',
    });
  if (known.reduce((sum, { revision }) => sum + revision, 0) >= MOST_REPORTS)
    throw new AppError(
      'conflict',
      `a deployment takes at most ${MOST_REPORTS} reports of checks that nobody requires`,
      {
        field: '/name',
        remedy: 'report a check when its state changes, not all the time',
      },
    );
}

/** A required check has room of its own, and not without end either; the same report again takes none. */
function checkReports({ name, revision }: Check): void {
  if (revision <= MOST_REPORTS) return;
  throw new AppError(
    'conflict',
    `"${name}" was reported ${MOST_REPORTS} times, the most that a check may be`,
    {
      field: '/name',
      remedy:
        'report a check when its state changes, not all the time; an operator can override what it says (POST …/continue)',
    },
  );
}

interface Reported {
  readonly report: CheckReport;
  readonly deployment: Deployment;
  readonly stepIndex: number | undefined;
  readonly before: Check | undefined;
}

async function nextReport(
  ctx: AppContext,
  tx: Transaction,
  caller: Caller,
  { report, deployment, stepIndex, before }: Reported,
): Promise<Check> {
  const nowMs = ctx.clock();
  const { name, kind, summary, link, tests, expiresAtMs } = report;
  checkExpiry(expiresAtMs, nowMs);
  return {
    deploymentId: deployment.id,
    name,
    kind,
    state: before === undefined ? report.state : moved(before, report, nowMs),
    ...(stepIndex === undefined ? {} : { stepIndex }),
    ...(summary === undefined ? {} : { summary }),
    ...(link === undefined ? {} : { link }),
    ...(tests === undefined ? {} : { tests }),
    ...(await authorOf(tx, caller, report.by)),
    firstReportedAtMs: before?.firstReportedAtMs ?? nowMs,
    reportedAtMs: nowMs,
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    revision: (before?.revision ?? 0) + 1,
  };
}

function checkExpiry(expiresAtMs: number | undefined, nowMs: number): void {
  if (expiresAtMs === undefined || expiresAtMs > nowMs) return;
  throw new AppError('invalid', 'the check would have expired already', {
    field: '/expiresAt',
    remedy: 'give a time to come, or leave "expiresAt" out',
  });
}

function moved(before: Check, { name, kind, state }: CheckReport, nowMs: number): Check['state'] {
  if (before.kind !== kind)
    throw new AppError('conflict', `"${name}" was reported as ${before.kind} before`, {
      field: '/kind',
      remedy: `report it as ${before.kind} again, or give this check another name`,
    });
  const from = stateAt(before, nowMs);
  const to = next(checkTransitions, from, checkEvents[state]);
  if (to === undefined)
    throw new AppError('conflict', `a check that ${from} cannot become ${state}`, {
      field: '/state',
      remedy: 'run it again and report how it ended',
    });
  return to;
}

/** Whether a report says nothing new. A pass that ran out cannot be given again with the same end. */
function sameReport(before: Check, check: Check): boolean {
  const said = ({ firstReportedAtMs, reportedAtMs, revision, ...rest }: Check): string =>
    JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
  return said(before) === said(check);
}
