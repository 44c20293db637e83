import type { CheckStanding, FreshCheck } from '../../domain/fresh-check.js';
import { audit, SYSTEM } from '../audit-trail.js';
import type { AppContext } from '../context.js';
import { standingOf } from './standing-of.js';

/** Keeps a check, and says in the audit log when the error rate ceases or begins to hold. @returns how the place stands now */
export function recordFreshCheck(ctx: AppContext, check: FreshCheck): Promise<CheckStanding> {
  const { project, service, environment, alpha } = check;
  return ctx.store.transaction(async (tx) => {
    const before = standingOf(await tx.freshChecks(check), alpha);
    await tx.insertFreshCheck(check);
    const after = standingOf(await tx.freshChecks(check), alpha);
    if (before.isOff !== after.isOff) {
      const { judged, rolledBack, low, high } = after;
      const detail = { service, environment, alpha: after.alpha, judged, rolledBack, low, high };
      await audit(
        ctx,
        tx,
        SYSTEM,
        after.isOff ? 'calibration.off' : 'calibration.restored',
        { project },
        detail,
      );
    }
    return after;
  });
}
