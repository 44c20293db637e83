import { audit, SYSTEM } from './audit-trail.js';
import type { AppContext } from './context.js';

/** One policy that came, changed or went; `hash` is the hex SHA-256 of what is in force now. */
export interface PolicyRecord {
  readonly policy: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly hash?: string;
  readonly file?: string;
}

/** Writes into the audit log which policies are in force from now on. */
export async function recordPolicies(ctx: AppContext, changes: readonly PolicyRecord[]): Promise<void> {
  if (changes.length === 0) return;
  await ctx.store.transaction((tx) =>
    audit(ctx, tx, SYSTEM, 'policies.reload', { project: '*' }, { changes }),
  );
}
