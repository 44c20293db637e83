import { inForce } from '../../domain/hold.js';
import type { Transaction } from '../../store/port.js';
import type { AppContext } from '../context.js';
import { AppError } from '../use-cases.js';

/** @throws AppError `conflict` while a person holds the deployment */
export async function refuseWhileHeld(ctx: AppContext, tx: Transaction, id: string): Promise<void> {
  const hold = inForce(await tx.hold(id), ctx.clock());
  if (hold === undefined) return;
  throw new AppError('conflict', `this deployment is held: ${hold.reason}`, {
    remedy: 'have somebody lift the hold first (POST …/proceed)',
  });
}
