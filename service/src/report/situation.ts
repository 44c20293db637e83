import type { Deployment, DeploymentState } from '../domain/deployment.js';
import type { Verdict } from '../domain/verdict.js';
import { movement } from './effect-words.js';
import type { IconName, Tone } from './icon.js';

/** What happened, for a headline: never colour alone, always icon, word and sentence. */
export interface Situation {
  readonly tone: Tone;
  readonly icon: IconName;
  /** "Roll back", "Continue", … */
  readonly word: string;
  /** Why, without a full stop; may hold user text. */
  readonly sentence: string;
}

interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly word: string;
}

const looks: Readonly<Record<string, Look>> = {
  pending: { tone: 'wait', icon: 'clock', word: 'Watching' },
  continue: { tone: 'good', icon: 'check', word: 'Continue' },
  rollback: { tone: 'bad', icon: 'back', word: 'Roll back' },
  inconclusive: { tone: 'unsure', icon: 'question', word: 'Inconclusive' },
  superseded: { tone: 'ended', icon: 'replaced', word: 'Superseded' },
  cancelled: { tone: 'ended', icon: 'stop', word: 'Cancelled' },
};

const byState: Partial<Readonly<Record<DeploymentState, Look>>> = {
  'rolling-back': { tone: 'bad', icon: 'back', word: 'Rolling back' },
  'rolled-back': { tone: 'bad', icon: 'back', word: 'Rolled back' },
  'rollback-failed': { tone: 'bad', icon: 'alert', word: 'Rollback failed' },
};

/** Colour, icon and word of a verdict's value; a value of a newer version is shown as such. */
export function verdictLook(value: string): Look {
  return (
    (Object.hasOwn(looks, value) ? looks[value] : undefined) ?? {
      tone: 'unsure',
      icon: 'question',
      word: `Unknown verdict “${value}”`,
    }
  );
}

const recoveryWords: Readonly<Record<string, Look>> = {
  pending: { tone: 'wait', icon: 'clock', word: 'Watching the recovery' },
  continue: { tone: 'good', icon: 'check', word: 'Recovered' },
  rollback: { tone: 'bad', icon: 'alert', word: 'Not recovered' },
};

/** The same for the watch over a rollback. */
export function recoveryLook(value: string): Look {
  return (Object.hasOwn(recoveryWords, value) ? recoveryWords[value] : undefined) ?? verdictLook(value);
}

/**
 * The state of a deployment in one word and one sentence: what was done outranks what was said.
 * @example situate({ state: 'running' }, rollbackVerdict) // word 'Roll back', sentence 'errors rose from 0.1 % to 1.0 %'
 */
export function situate(
  deployment: Pick<Deployment, 'state' | 'rollbackOf'>,
  verdict: Verdict | undefined,
): Situation {
  const { state, rollbackOf } = deployment;
  const value = verdict?.value ?? (state === 'superseded' || state === 'cancelled' ? state : 'pending');
  return {
    ...((Object.hasOwn(byState, state) ? byState[state] : undefined) ??
      gateLook(verdict) ??
      (rollbackOf === undefined ? verdictLook(value) : recoveryLook(value))),
    sentence: verdict === undefined ? unjudged(state) : because(verdict),
  };
}

/** Colour, icon and word of a verdict: one that waits for people says so, and not that the metrics are watched. */
export function lookOf(verdict: Pick<Verdict, 'value' | 'rule'>): Look {
  return gateLook(verdict) ?? verdictLook(verdict.value);
}

function gateLook(verdict: Pick<Verdict, 'value' | 'rule'> | undefined): Look | undefined {
  if (verdict?.value !== 'pending') return undefined;
  if (verdict.rule === 'held') return { tone: 'unsure', icon: 'stop', word: 'On hold' };
  return verdict.rule === 'awaiting-checks'
    ? { tone: 'wait', icon: 'clock', word: 'Waiting for checks' }
    : undefined;
}

function unjudged(state: DeploymentState): string {
  if (state === 'running' || state === 'finished') return 'no look has been judged yet';
  return 'it was never judged';
}

function because(verdict: Verdict): string {
  if (gateRules.has(verdict.rule)) return firstReason(verdict);
  switch (verdict.value) {
    case 'rollback':
      return harmSentence(verdict);
    case 'continue':
      return continueSentence(verdict);
    case 'pending':
      return verdict.findings.some((finding) => finding.status === 'harmed')
        ? `${harmSentence(verdict)}, not yet enough to decide`
        : 'no harm shown so far';
    case 'inconclusive':
      return missingSentence(verdict);
    case 'superseded':
      return 'a newer deployment took its place; this one was not judged to the end';
    case 'cancelled':
      return 'the deployment was cancelled before its watch could decide';
    default:
      return firstReason(verdict);
  }
}

/** Rules by which checks and people decide, whose reason is the first one. */
const gateRules: ReadonlySet<string> = new Set(['check-failed', 'checks-missing', 'awaiting-checks', 'held']);

function continueSentence(verdict: Verdict): string {
  if (verdict.rule === 'bounded-harm') return 'shown to do no harm beyond your tolerance';
  if (verdict.rule === 'watch-ended-without-evidence') return 'the watch ended without evidence of harm';
  if (verdict.rule === 'override') return `overridden by a person: ${firstReason(verdict)}`;
  return firstReason(verdict);
}

function firstReason(verdict: Verdict): string {
  return (verdict.reasons[0]?.text ?? `decided by “${verdict.rule}”`).replace(/\.\s*$/, '');
}

function harmSentence(verdict: Verdict): string {
  if (verdict.rule === 'canary-silent') return 'the canary serves nothing while the control group serves';
  const harmed = verdict.findings
    .filter((finding) => finding.status === 'harmed')
    .toSorted((a, b) => b.contribution - a.contribution);
  const first = harmed[0];
  if (first === undefined) return firstReason(verdict);
  const others = harmed.length - 1;
  const tail = others > 0 ? `, and ${others} more ${others === 1 ? 'metric is' : 'metrics are'} harmed` : '';
  return `${movement(first) ?? first.text.replace(/\.\s*$/, '')}${tail}`;
}

function missingSentence(verdict: Verdict): string {
  const missing = verdict.findings
    .filter((finding) => finding.status === 'insufficient')
    .map((finding) => finding.name);
  const first = missing[0];
  if (first === undefined) return firstReason(verdict);
  const others = missing.length - 1;
  return `not enough data of ${first}${others > 0 ? ` and ${others} more` : ''}`;
}
