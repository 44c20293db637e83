import type { Deployment } from '../domain/deployment.js';
import type { Transaction } from '../store/port.js';
import type { AppContext } from './context.js';
import type { Caller } from './use-cases.js';

/** Bellwether itself, where it acts without being asked. */
export const SYSTEM: Caller = {
  name: 'bellwether',
  role: 'admin',
  project: '*',
  service: '*',
  environment: '*',
  authentication: 'system',
};

/** Writes who did what into the audit chain and returns the actor's pseudonym. */
export async function audit(
  ctx: AppContext,
  tx: Transaction,
  caller: Caller,
  action: string,
  about: Pick<Deployment, 'id' | 'project'> | { readonly project: string },
  detail: Readonly<Record<string, unknown>>,
): Promise<string> {
  const actor = await tx.pseudonym(caller.name);
  await tx.appendAudit({
    atMs: ctx.clock(),
    project: about.project,
    actor,
    authentication: caller.authentication,
    action,
    ...('id' in about ? { deploymentId: about.id } : {}),
    detail,
  });
  return actor;
}
