import type { Author } from '../../domain/check.js';
import type { Deployment } from '../../domain/deployment.js';
import type { Hold } from '../../domain/hold.js';
import type { Transaction } from '../../store/port.js';
import { personOf } from './author-of.js';
import type { Told } from './change-beside.js';

/**
 * Takes a hold away, in the transaction that ends it.
 * @param by who lifted it and why; absent: its end has come
 * @returns what is to be recorded and told of it
 */
export async function endHold(
  tx: Transaction,
  deployment: Deployment,
  hold: Hold | undefined,
  by?: { readonly reason: string; readonly author: Author },
): Promise<Told> {
  await tx.clearHold(deployment.id);
  await tx.updateDeployment({ ...deployment, revision: deployment.revision + 1 });
  const held = hold?.reason ?? null;
  const event = 'deployment.proceeded';
  if (by === undefined)
    return {
      action: 'hold.lapse',
      detail: { reason: held },
      event,
      data: { deploymentId: deployment.id, reason: held, lapsed: true },
    };
  const person = personOf(by.author);
  return {
    action: 'deployment.proceed',
    detail: { reason: by.reason, held, ...person },
    event,
    data: { deploymentId: deployment.id, reason: by.reason, lapsed: false, ...person },
  };
}
