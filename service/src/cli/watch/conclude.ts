import type { WireVerdict } from '../../api/verdict.js';
import { EXIT } from '../exit-codes.js';
import type { WatchEnd } from './watch-state.js';

export type FailureRule = WireVerdict['consumers']['outage'];

/** How the end of a watch becomes an exit code. */
export interface ConcludeOptions {
  /** Let the policy say what pending, inconclusive and an outage mean. */
  readonly respectFailurePolicy: boolean;
  /** What an outage means where the policy could not be read. */
  readonly onOutage: FailureRule;
}

/** What a pipeline is told at the end. */
export interface Conclusion {
  readonly exitCode: number;
  /** What happened, for people. */
  readonly text: string;
  /** Which part of the failure policy decided, where one did. */
  readonly failurePolicy?: {
    readonly what: 'pending' | 'inconclusive' | 'outage';
    readonly rule: FailureRule;
  };
}

/** The exit code of a watch that ended, and why. */
export function conclude(end: WatchEnd, options: ConcludeOptions): Conclusion {
  switch (end.kind) {
    case 'interrupted':
      return { exitCode: EXIT.timedOut, text: 'Stopped looking; the deployment and its watch go on.' };
    case 'never-reached':
      return byPolicy('outage', EXIT.error, end.message, options.onOutage, options);
    case 'timed-out':
      return timedOut(end, options);
    case 'final':
      return decided(end.state.verdict, options);
  }
}

function timedOut(end: Extract<WatchEnd, { kind: 'timed-out' }>, options: ConcludeOptions): Conclusion {
  const { pending, outage } = end.state.verdict.consumers;
  if (end.lost !== undefined) {
    const text = 'Time is up, and the service does not answer; what it would say is not known.';
    return byPolicy('outage', EXIT.error, text, outage, options);
  }
  return byPolicy(
    'pending',
    EXIT.timedOut,
    'Time is up, and there is no verdict yet; its watch goes on.',
    pending,
    options,
  );
}

function decided(verdict: WireVerdict, options: ConcludeOptions): Conclusion {
  const { exitCode, consumers } = verdict;
  const text = `The verdict is ${verdict.verdict}.`;
  if (verdict.verdict !== 'inconclusive') return { exitCode, text };
  return byPolicy('inconclusive', exitCode, text, consumers.inconclusive, options);
}

function byPolicy(
  what: 'pending' | 'inconclusive' | 'outage',
  exitCode: number,
  text: string,
  rule: FailureRule,
  { respectFailurePolicy }: ConcludeOptions,
): Conclusion {
  if (!respectFailurePolicy) return { exitCode, text };
  const opens = rule === 'fail-open';
  return {
    exitCode: opens ? EXIT.ok : exitCode,
    text: `${text} The failure policy says ${rule} for "${what}": ${opens ? 'go on' : 'do not go on'}.`,
    failurePolicy: { what, rule },
  };
}
