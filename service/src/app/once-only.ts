import type { Deployment } from '../domain/deployment.js';
import { IDEMPOTENT_FOR_MS, type Reader } from '../store/port.js';
import type { AppContext } from './context.js';

/**
 * What an earlier run of the very same request made, if it is not too old to be a repeat; otherwise the id for a new deployment.
 * A process can end after the work and before the answer is kept under its idempotency key, and the repeat must not deploy twice.
 * @param repeatId id that every repeat of the request derives alike; undefined when it carries no key
 */
export async function onceOnly(
  ctx: AppContext,
  reader: Reader,
  wantedId: string | undefined,
  repeatId: string | undefined,
): Promise<{ readonly id: string; readonly earlier?: Deployment }> {
  if (wantedId !== undefined || repeatId === undefined) return { id: wantedId ?? ctx.newId() };
  const earlier = await reader.deployment(repeatId);
  if (earlier === undefined) return { id: repeatId };
  return ctx.clock() - earlier.createdAtMs < IDEMPOTENT_FOR_MS
    ? { id: repeatId, earlier }
    : { id: ctx.newId() };
}
