import { objections } from '../app/attribution/objections.js';
import type { FailurePolicy } from '../domain/policy.js';
import type { Verdict } from '../domain/verdict.js';
import { formatAgo, formatClock, formatDuration } from './instant.js';
import {
  currentWatch,
  latestRollback,
  personName,
  recoveryOf,
  releaseVerdict,
  type Recovery,
  type ReportPage,
} from './report-page.js';

/** What the reader should do now, as one or two sentences; may hold user text. */
export function nextAction(page: ReportPage, nowMs: number): string {
  const { state } = page.deployment;
  if (state === 'rolling-back') return executingSentence(page, nowMs);
  if (state === 'rolled-back') return recoverySentence(page, nowMs);
  if (state === 'rollback-failed') {
    const detail = latestRollback(page)?.detail;
    return `Act now: roll back to ${target(page)} by hand. The rollback did not go through${detail === undefined ? '.' : `: ${detail}`}`;
  }
  const verdict = releaseVerdict(page);
  if (verdict !== undefined) return verdictSentence(page, verdict, nowMs);
  const isOver = state === 'cancelled' || state === 'superseded';
  return isOver
    ? `Nothing to do: the deployment was ${state} before its first look.`
    : pendingSentence(page, nowMs);
}

function target(page: ReportPage): string {
  return page.deployment.previousVersion ?? 'the version before';
}

function executingSentence(page: ReportPage, nowMs: number): string {
  const rollback = latestRollback(page);
  if (rollback === undefined) return 'Wait: the rollback is being carried out.';
  const attempt = rollback.attempts > 1 ? `, attempt ${rollback.attempts}` : '';
  return `Wait: executor ${rollback.executor} is going back to ${target(page)} (asked ${formatAgo(rollback.requestedAtMs, nowMs)}${attempt}).`;
}

/** Whether the service is well again after the rollback. */
export function recoverySentence(page: ReportPage, nowMs: number): string {
  const recovery = recoveryOf(page);
  if (recovery === undefined) return 'Check the service: no recovery watch is known for this rollback.';
  const value = recovery.verdict?.value ?? 'pending';
  if (value === 'pending')
    return `Stay with it: the recovery is being watched${recoveryProgress(recovery, nowMs)}.`;
  const meaning: Readonly<Record<string, string>> = {
    continue: 'Nothing left to do: the service recovered after the rollback.',
    rollback:
      'Act now: the service is still harmed after the rollback, so this release may not be the cause, or not the only one.',
    inconclusive: 'Check the service yourself: there was not enough data to show that it recovered.',
    superseded: 'A newer deployment ended the recovery watch: look at its report.',
    cancelled: 'The recovery watch was cancelled: check the service yourself.',
  };
  return (
    (Object.hasOwn(meaning, value) ? meaning[value] : undefined) ??
    `Check the service yourself: recovery watch says “${value}”.`
  );
}

function recoveryProgress({ watch }: Recovery, nowMs: number): string {
  if (watch === undefined) return '';
  const endsAtMs = watch.changeAtMs + watch.plannedLooks * watch.intervalMs + watch.settleMs;
  return ` (${watch.lastLook} of ${watch.plannedLooks} looks, ends ${formatAgo(endsAtMs, nowMs)})`;
}

function pendingSentence(page: ReportPage, nowMs: number): string {
  const watch = currentWatch(page);
  if (watch?.state !== 'watching') return 'Nothing to do yet: the watch has not begun.';
  const nextAtMs = watch.changeAtMs + (watch.lastLook + 1) * watch.intervalMs + watch.settleMs;
  const endsAtMs = watch.changeAtMs + watch.plannedLooks * watch.intervalMs + watch.settleMs;
  const next = nextAtMs > nowMs ? `The next look is ${formatAgo(nextAtMs, nowMs)}` : 'The next look is due';
  return `Nothing to do yet. ${next}; the watch ends at ${formatClock(endsAtMs)}\u00a0UTC at the latest (${formatAgo(endsAtMs, nowMs)}).`;
}

function verdictSentence(page: ReportPage, verdict: Verdict, nowMs: number): string {
  switch (verdict.value) {
    case 'rollback':
      return rollbackSentence(page, verdict);
    case 'continue':
      return continueSentence(page, verdict);
    case 'pending':
      return gateSentence(verdict) ?? pendingSentence(page, nowMs);
    case 'inconclusive':
      return `Decide yourself: Bellwether cannot. ${consumerSentence(page.deployment.policy.consumers.inconclusive)}`;
    case 'superseded':
      return 'Nothing to do here: look at the newer deployment.';
    case 'cancelled':
      return 'Nothing to do: the deployment was cancelled.';
    default:
      return 'Decide yourself: this version does not know the verdict.';
  }
}

/** What opens the gate, while it is shut. */
function gateSentence({ rule, checks = [] }: Verdict): string | undefined {
  if (rule === 'held')
    return 'Nothing goes on until the hold is lifted: whoever may, proceeds with a reason (POST …/proceed).';
  if (rule !== 'awaiting-checks') return undefined;
  const names = checks.filter((check) => check.standing !== 'passed').map(({ name }) => name);
  return `See to what is missing: ${names.join(', ')}. The metrics would let it go on.`;
}

function consumerSentence(policy: FailurePolicy): string {
  return policy === 'fail-open'
    ? 'Pipelines that wait for the verdict are let through (fail-open, set in the policy).'
    : 'Pipelines that wait for the verdict are held (fail-closed, set in the policy).';
}

function rollbackSentence(page: ReportPage, verdict: Verdict): string {
  const { mode } = page.deployment.policy;
  const order = `roll back ${page.deployment.service} to ${target(page)}`;
  const latest = latestRollback(page);
  if (latest?.state === 'refused')
    return `Act now: ${order}. The rollback that ${personName(page, latest.actor)} asked for was refused${latest.detail === undefined ? '.' : `: ${latest.detail}`}`;
  const doubt = doubtOf(page, verdict);
  if (doubt !== undefined)
    return `Look before you act, for it may not be this deployment: ${doubt}. If it is, ${order}.`;
  const [brake] = verdict.brakes.filter((applied) => applied.brake !== 'mode');
  if (mode === 'act' && brake !== undefined)
    return `Act now: ${order}. The automatic rollback was held back: ${brake.text}`;
  if (mode === 'act')
    return `An automatic rollback to ${target(page)} is due. If none begins, ${order} yourself.`;
  const why = mode === 'observe' ? 'only records' : 'recommends, people act';
  return `Act now: ${order}. Bellwether does not do it by itself (mode ${mode}: it ${why}).`;
}

/** What speaks for another cause, in any mode. */
function doubtOf({ deployment }: ReportPage, { attribution }: Verdict): string | undefined {
  const [objection] = attribution === undefined ? [] : objections(deployment, attribution);
  return objection?.text.replace(/; people decide$/, '');
}

function continueSentence(page: ReportPage, verdict: Verdict): string {
  const { plannedSteps } = page.deployment;
  const next = plannedSteps[verdict.stepIndex + 1];
  if (next !== undefined)
    return `Go on to the next step, ${next.name}. This verdict gates step ${verdict.stepIndex + 1} of ${plannedSteps.length} only.`;
  const tail = page.watches.find((watch) => watch.state === 'watching' && watch.kind === 'late-regression');
  if (tail === undefined) return 'Nothing to do.';
  const lengthMs = (tail.plannedLooks - tail.lastLook) * tail.intervalMs;
  return `Nothing to do. The tail is watched for ${formatDuration(lengthMs)} more; late harm would be reported as a late regression.`;
}
