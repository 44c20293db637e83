import type { Deployment } from '../../domain/deployment.js';
import type { Verdict } from '../../domain/verdict.js';
import type { Transaction } from '../../store/port.js';
import { SYSTEM } from '../audit-trail.js';
import { beginRollback } from '../begin-rollback.js';
import { brakesOn } from '../brakes.js';
import type { AppContext } from '../context.js';
import { writeVerdict, type NewVerdict } from '../write-verdict.js';

export interface Decision {
  readonly verdict: Verdict;
  readonly rollbackStarted: boolean;
}

/** Writes a verdict and, when it is `rollback`, its brakes, or the rollback that follows where none holds it back. */
export async function writeDecision(
  ctx: AppContext,
  tx: Transaction,
  deployment: Deployment,
  content: NewVerdict,
): Promise<Decision> {
  const wantsRollback = content.value === 'rollback';
  const brakes = wantsRollback ? await brakesOn(ctx, tx, deployment, content) : [];
  const verdict = await writeVerdict(ctx, tx, deployment, { ...content, brakes });
  const acts = wantsRollback && brakes.length === 0;
  if (acts) await rollBack(ctx, tx, deployment, verdict);
  return { verdict, rollbackStarted: acts };
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
