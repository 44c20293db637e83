import type { Guarantee } from '@bellwether/models';
import type { Verdict, VerdictRule } from '../domain/verdict.js';
import { formatP, formatShare } from './units.js';

const rules: Readonly<Record<VerdictRule, string>> = {
  'guard-rail': 'A limit that you set was passed, so nothing had to be estimated.',
  'calibrated-evidence':
    'The evidence of all metrics together is rarer than α allows when nothing is wrong, and a harmful change is larger than the smallest one you care about.',
  'bounded-harm': 'Proof: on every required metric, any harm is bounded below the tolerance that you set.',
  'watch-ended-without-evidence':
    'Absence of evidence: the watch ended with enough data and found no harm. That is weaker than a proof that there is none.',
  'not-enough-data': 'There was not enough data to judge, and missing data never becomes a continue.',
  watching: 'The watch goes on: no rule has decided yet.',
  override: 'A person decided, over whatever the data said.',
  superseded: 'A newer deployment of the same service and environment ended this watch.',
  cancelled: 'The deployment was cancelled, which ended its watch.',
  'late-regression': 'After the early continue, the tail of the watch found harm that began later.',
  'canary-silent': 'The canary serves nothing while the control group serves.',
  'check-failed':
    'A check that the policy requires failed. That is your own word, like a limit; no metric had to be estimated.',
  'checks-missing':
    'A check that the policy requires had not passed when its time was over, and a missing check never becomes a continue.',
  'awaiting-checks': 'The metrics would let it go on; it waits for checks that the policy requires.',
  held: 'A person holds the deployment: only a rollback comes through.',
};

/** Which rule decided, as a sentence; a rule of a newer version is shown by its name. */
export function ruleSentence(rule: string): string {
  return Object.hasOwn(rules, rule)
    ? rules[rule as VerdictRule]
    : `Rule “${rule}”, which this version does not know.`;
}

const guarantees: Readonly<Record<Guarantee, readonly [name: string, meaning: string]>> = {
  placebo: [
    'Placebo replay',
    'The same judgement was replayed over quiet stretches of this service’s own past, all metrics and all looks together; the rate of false rollbacks is held near α, approximately.',
  ],
  sequential: [
    'Anytime-valid test',
    'There was too little history of its own for placebos. This test holds its error rate at every look under its assumptions; on real series that is weaker than a placebo replay.',
  ],
  'guard-rail': [
    'Your own limit',
    'A fixed limit decides. No error probability is claimed: it is as right as the limit is.',
  ],
  none: ['No guarantee', 'Nothing stands behind an error rate here.'],
};

/** Name and plain meaning of a guarantee; one of a newer version is shown by its name. */
export function guaranteeWords(guarantee: string): { readonly name: string; readonly meaning: string } {
  const known = Object.hasOwn(guarantees, guarantee) ? guarantees[guarantee as Guarantee] : undefined;
  return {
    name: known?.[0] ?? guarantee,
    meaning: known?.[1] ?? 'A guarantee that this version does not know.',
  };
}

/** `p = 0.004 ≤ α = 0.05` with the sign that holds. */
export function pAgainstAlpha(verdict: Pick<Verdict, 'p' | 'alpha'>): string {
  const p = formatP(verdict.p);
  const equals = p.startsWith('<') ? `p ${p}` : `p = ${p}`;
  return `${equals}, ${verdict.p <= verdict.alpha ? 'within' : 'above'} α = ${formatP(verdict.alpha)}`;
}

/** What p says, for somebody who never met one. */
export function pMeaning(verdict: Pick<Verdict, 'p' | 'alpha' | 'guarantee' | 'pExtrapolated'>): string {
  if (verdict.guarantee === 'guard-rail' || verdict.guarantee === 'none')
    return 'p played no part in this decision.';
  const rarity = `If nothing were wrong, a watch would look at least this bad, at any look, about ${formatShare(verdict.p)} of the time.`;
  const tail = verdict.pExtrapolated
    ? ' It lies beyond what the placebos resolve and comes from a fitted tail.'
    : '';
  return `${rarity}${tail} A rollback needs ${formatShare(verdict.alpha)} or less.`;
}

/** What could still change the verdict, beyond what the engine itself lists. */
export function flipSentence(value: string, rule: string): string {
  const byValue: Readonly<Record<string, string>> = {
    rollback:
      'Nothing measured later: a rollback verdict is final for its watch. Only an operator can override it, with a reason.',
    continue:
      'This watch is decided. After an early continue its tail is watched to the planned end: harm that begins there is a late regression of the same release.',
    pending:
      'Each further look can: the verdict falls as soon as a rule decides, or at the end of the watch.',
    inconclusive:
      'Late samples are stored and shown, but do not rewrite it. An operator can decide, with a reason.',
    superseded: 'Nothing: the newer deployment is judged instead.',
    cancelled: 'Nothing: the deployment was cancelled.',
  };
  if (rule === 'override') return 'A later override, with a reason.';
  if (rule === 'held') return 'Whoever lifts the hold, and a rollback at any look.';
  if (rule === 'awaiting-checks')
    return 'The missing checks: once all have passed it goes on, unless a look finds harm first.';
  return (Object.hasOwn(byValue, value) ? byValue[value] : undefined) ?? 'Unknown to this version.';
}
