import { ENGINE_VERSION } from '@bellwether/models';
import type { Deployment } from '../domain/deployment.js';
import type { Verdict } from '../domain/verdict.js';
import type { Transaction } from '../store/port.js';
import { announce } from './announce.js';
import { audit, SYSTEM } from './audit-trail.js';
import type { AppContext } from './context.js';
import { presentVerdict } from './present.js';
import type { Caller } from './use-cases.js';

export type NewVerdict = Omit<Verdict, 'id' | 'sequence' | 'engineVersion' | 'decidedAtMs' | 'deploymentId'>;

/** Appends a verdict with its audit entry and its webhook messages; the caller publishes it once the transaction is through. */
export async function writeVerdict(
  ctx: AppContext,
  tx: Transaction,
  deployment: Deployment,
  content: NewVerdict,
  caller: Caller = SYSTEM,
): Promise<Verdict> {
  const latest = await tx.latestVerdict(deployment.id);
  const verdict: Verdict = {
    ...content,
    id: ctx.newId(),
    deploymentId: deployment.id,
    sequence: (latest?.sequence ?? 0) + 1,
    engineVersion: ENGINE_VERSION,
    decidedAtMs: ctx.clock(),
  };
  await tx.insertVerdict(verdict);
  await audit(ctx, tx, caller, 'verdict.change', deployment, {
    sequence: verdict.sequence,
    from: latest?.value ?? null,
    to: verdict.value,
    rule: verdict.rule,
    guarantee: verdict.guarantee,
    p: verdict.p,
    alpha: verdict.alpha,
    evidence: verdict.evidenceHash ?? null,
    brakes: verdict.brakes.map((b) => b.brake),
  });
  // `observe` is for the record only: nobody is told.
  if (deployment.policy.mode !== 'observe')
    await announce(ctx, tx, 'verdict.changed', deployment, {
      ...presentVerdict(verdict, deployment, ctx.publicUrl),
    });
  return verdict;
}

/** A verdict that no look produced: an override, or a watch ended from outside. */
export function unjudged(
  value: Verdict['value'],
  rule: Verdict['rule'],
  watch: {
    readonly id: string;
    readonly stepIndex: number;
    readonly lastLook: number;
    readonly alpha: number;
  },
  prior: number,
  asOfMs: number,
  reason: { readonly code: string; readonly text: string },
): NewVerdict {
  return {
    watchId: watch.id,
    stepIndex: watch.stepIndex,
    look: watch.lastLook,
    value,
    rule,
    guarantee: 'none',
    p: 1,
    pExtrapolated: false,
    alpha: watch.alpha,
    prior,
    harmProbability: prior,
    reasons: [reason],
    stillNeeded: [],
    findings: [],
    brakes: [],
    asOfMs,
  };
}
