import type { Evidence } from '../../domain/evidence.js';
import { next } from '../../domain/state-machine.js';
import type { Verdict } from '../../domain/verdict.js';
import { watchTransitions } from '../../domain/watch-machine.js';
import type { Watch } from '../../domain/watch.js';
import type { Transaction } from '../../store/port.js';
import type { LookAttribution } from '../attribution/attribute-look.js';
import { audit, SYSTEM } from '../audit-trail.js';
import type { AppContext } from '../context.js';
import type { NewVerdict } from '../write-verdict.js';
import { gateInputs } from './gate-inputs.js';
import { gateJudgement } from './gate-judgement.js';
import { coverageOf, type Judgement } from './judge-look.js';
import { writeDecision } from './write-decision.js';

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
  /** Whose doing it is, where that was asked. */
  readonly attribution?: LookAttribution;
  /** Makes the verdict once checks and holds had their say and the address of its evidence is known. */
  readonly verdict: (judgement: Judgement, evidenceHash: string) => NewVerdict;
}

/**
 * Writes one look: tick, watch, and, when the verdict changes, verdict, evidence, audit, webhooks and the rollback that follows, all in
 * one transaction.
 * @returns undefined when the watch was ended from outside meanwhile
 * @throws StoreError `conflict` when another process wrote this look first
 */
export function commitLook(ctx: AppContext, before: Watch, look: Look): Promise<LookResult | undefined> {
  // Encoded before the transaction: nobody can write while it runs.
  const attributionInput = look.attribution && Buffer.from(JSON.stringify(look.attribution.input));
  return ctx.store.transaction(async (tx) => {
    const watch = await tx.watch(before.id);
    const deployment = await tx.deployment(before.deploymentId);
    if (watch?.state !== 'watching' || watch.lastLook !== before.lastLook || deployment === undefined)
      return undefined;
    const number = look.judgement.assessment.look;
    const inputs = await gateInputs(tx, deployment, watch, number, ctx.clock());
    const judgement = gateJudgement(watch.kind === 'late-regression', look.judgement, inputs);
    const advanced = await advance(ctx, tx, watch, judgement);
    if (watch.kind === 'late-regression' && judgement.value === 'inconclusive')
      await audit(ctx, tx, SYSTEM, 'tail.not-judged', deployment, { watch: watch.id });
    if (!(await isNews(tx, watch, judgement))) return { watch: advanced, rollbackStarted: false };

    const evidence: Evidence = {
      ...look.evidence,
      ...(inputs === undefined ? {} : { gate: inputs }),
      ...(await attributionEvidence(tx, look.attribution?.result, attributionInput)),
    };
    const evidenceHash = await tx.putBlob(Buffer.from(JSON.stringify(evidence)));
    const content = look.verdict(judgement, evidenceHash);
    const decision = await writeDecision(ctx, tx, deployment, content);
    const tail = await openTail(ctx, tx, advanced, judgement);
    return { watch: advanced, ...decision, ...(tail === undefined ? {} : { tail }) };
  });
}

/** The attribution, whose input is stored beside the evidence and under its own address: no report needs to read it. */
async function attributionEvidence(
  tx: Transaction,
  result: LookAttribution['result'] | undefined,
  input: Uint8Array | undefined,
): Promise<Pick<Evidence, 'attribution'>> {
  if (result === undefined || input === undefined) return {};
  return { attribution: { inputHash: await tx.putBlob(input), result } };
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

/**
 * A verdict is written when its value changes, and when it begins or ceases to wait for checks: what was withheld at the last look is
 * given from there. A tail speaks only when it finds harm.
 */
async function isNews(tx: Transaction, watch: Watch, judgement: Judgement): Promise<boolean> {
  if (watch.kind === 'late-regression') return judgement.value === 'rollback';
  const latest = await tx.latestVerdict(watch.deploymentId);
  if (latest?.watchId !== watch.id || latest.value !== judgement.value) return true;
  if (judgement.withheld === undefined) return latest.withheld !== undefined;
  return latest.rule !== judgement.rule || judgement.assessment.look >= watch.plannedLooks;
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
