import type { Deployment } from '../../domain/deployment.js';
import type { Evidence } from '../../domain/evidence.js';
import { next } from '../../domain/state-machine.js';
import type { Verdict } from '../../domain/verdict.js';
import { watchTransitions } from '../../domain/watch-machine.js';
import type { Watch } from '../../domain/watch.js';
import type { Transaction } from '../../store/port.js';
import { audit, SYSTEM } from '../audit-trail.js';
import { beginRollback } from '../begin-rollback.js';
import { brakesOn } from '../brakes.js';
import type { AppContext } from '../context.js';
import { writeVerdict, type NewVerdict } from '../write-verdict.js';
import { coverageOf, type Judgement } from './judge-look.js';

export interface LookResult {
  readonly watch: Watch;
  readonly verdict?: Verdict;
  /** The tail that goes on after an early `continue`. */
  readonly tail?: Watch;
  readonly rollbackStarted: boolean;
}

interface Look {
  readonly judgement: Judgement;
  readonly evidence: Evidence;
  /** Makes the verdict once the address of its evidence is known. */
  readonly verdict: (evidenceHash: string) => NewVerdict;
}

/**
 * Writes one look: tick, watch, and, when the verdict changes, verdict, evidence, audit, webhooks and the rollback that follows, all in
 * one transaction.
 * @returns undefined when the watch was ended from outside meanwhile
 * @throws StoreError `conflict` when another process wrote this look first
 */
export function commitLook(ctx: AppContext, before: Watch, look: Look): Promise<LookResult | undefined> {
  return ctx.store.transaction(async (tx) => {
    const watch = await tx.watch(before.id);
    const deployment = await tx.deployment(before.deploymentId);
    if (watch?.state !== 'watching' || watch.lastLook !== before.lastLook || deployment === undefined)
      return undefined;
    const advanced = await advance(ctx, tx, watch, look.judgement);
    if (watch.kind === 'late-regression' && look.judgement.value === 'inconclusive')
      await audit(ctx, tx, SYSTEM, 'tail.not-judged', deployment, { watch: watch.id });
    if (!(await isNews(tx, watch, look.judgement))) return { watch: advanced, rollbackStarted: false };

    const evidenceHash = await tx.putBlob(Buffer.from(JSON.stringify(look.evidence)));
    const wantsRollback = look.judgement.value === 'rollback';
    const content = look.verdict(evidenceHash);
    const brakes = wantsRollback ? await brakesOn(ctx, tx, deployment, content) : [];
    const verdict = await writeVerdict(ctx, tx, deployment, { ...content, brakes });
    const acts = wantsRollback && brakes.length === 0;
    if (acts) await rollBack(ctx, tx, deployment, verdict);
    const tail = await openTail(ctx, tx, advanced, look.judgement);
    return { watch: advanced, verdict, rollbackStarted: acts, ...(tail === undefined ? {} : { tail }) };
  });
}

async function advance(
  ctx: AppContext,
  tx: Transaction,
  watch: Watch,
  { assessment, value, rule }: Judgement,
): Promise<Watch> {
  const nowMs = ctx.clock();
  await tx.insertTick({
    watchId: watch.id,
    look: assessment.look,
    atMs: watch.changeAtMs + assessment.look * watch.intervalMs,
    evaluatedAtMs: nowMs,
    value,
    rule,
    p: assessment.p,
    peak: assessment.carried.peak,
    harmProbability: assessment.harmProbability,
    coverage: coverageOf(assessment),
  });
  const state =
    value === 'pending' ? watch.state : (next(watchTransitions, watch.state, 'decide') ?? watch.state);
  const advanced: Watch = {
    ...watch,
    state,
    lastLook: assessment.look,
    carried: assessment.carried,
    ...(state === 'watching' ? {} : { endedAtMs: nowMs }),
    revision: watch.revision + 1,
  };
  await tx.updateWatch(advanced);
  return advanced;
}

/** A verdict is written when its value changes; a tail speaks only when it finds harm. */
async function isNews(tx: Transaction, watch: Watch, judgement: Judgement): Promise<boolean> {
  if (watch.kind === 'late-regression') return judgement.value === 'rollback';
  const latest = await tx.latestVerdict(watch.deploymentId);
  return latest?.watchId !== watch.id || latest.value !== judgement.value;
}

async function rollBack(
  ctx: AppContext,
  tx: Transaction,
  deployment: Deployment,
  verdict: Verdict,
): Promise<void> {
  const { executor } = deployment.policy;
  if (executor === undefined) return;
  const reason = verdict.reasons[0]?.text ?? 'the verdict is rollback';
  await beginRollback(ctx, tx, deployment, executor, SYSTEM, { automatic: true, reason });
}

async function openTail(
  ctx: AppContext,
  tx: Transaction,
  watch: Watch,
  judgement: Judgement,
): Promise<Watch | undefined> {
  const early = judgement.value === 'continue' && judgement.assessment.look < watch.plannedLooks;
  if (!early || watch.kind !== 'step') return undefined;
  const { endedAtMs, ...rest } = watch;
  const tail: Watch = {
    ...rest,
    id: ctx.newId(),
    kind: 'late-regression',
    state: 'watching',
    firstLook: watch.lastLook + 1,
    startedAtMs: ctx.clock(),
    revision: 1,
  };
  await tx.insertWatch(tail);
  return tail;
}
