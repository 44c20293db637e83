import type { Place } from '../../domain/deployment.js';
import type { TuningReset } from '../../domain/tuning.js';
import { audit } from '../audit-trail.js';
import type { AppContext } from '../context.js';
import { newestRelease } from '../newest-release.js';
import { permit } from '../permit.js';
import type { Caller } from '../use-cases.js';

/**
 * Sets back what feedback and history changed for a service: releases that began before no longer count. Watches that run keep what they
 * began with.
 * @throws AppError `not-found` where nothing was ever deployed
 */
export async function resetTuning(
  ctx: AppContext,
  caller: Caller,
  place: Place,
  reason: string,
): Promise<TuningReset> {
  permit(caller, 'override', place);
  return ctx.store.transaction(async (tx) => {
    const { project, service, environment } = place;
    await newestRelease(tx, place);
    const atMs = ctx.clock();
    const actor = await audit(ctx, tx, caller, 'tuning.reset', { project }, { service, environment, reason });
    const reset: TuningReset = { project, service, environment, reason, actor, atMs };
    await tx.insertTuningReset(reset);
    return reset;
  });
}
