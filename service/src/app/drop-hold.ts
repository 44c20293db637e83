import type { Deployment } from '../domain/deployment.js';
import type { Transaction } from '../store/port.js';
import { audit, SYSTEM } from './audit-trail.js';
import type { AppContext } from './context.js';

/** Ends a hold together with what it held; nobody lifted it, so the audit log says what did. */
export async function dropHold(
  ctx: AppContext,
  tx: Transaction,
  deployment: Deployment,
  because: 'supersede' | 'cancel' | 'rollback',
): Promise<void> {
  const hold = await tx.hold(deployment.id);
  if (hold === undefined) return;
  await tx.clearHold(deployment.id);
  await audit(ctx, tx, SYSTEM, 'hold.drop', deployment, { reason: hold.reason, because });
}
