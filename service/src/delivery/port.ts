import type { Deployment } from '../domain/deployment.js';
import type { Rollback } from '../domain/rollback.js';

/** Carries out a rollback. Configured on the server only; requests name it. */
export interface RollbackExecutor {
  readonly name: string;
  /**
   * Rolls back; may be called again with the same `rollback.id` after a crash or a retryable failure and must then not act twice
   * (the id goes out as the idempotency key).
   */
  execute(order: RollbackOrder, signal: AbortSignal): Promise<ExecutionResult>;
}

export interface RollbackOrder {
  readonly rollback: Rollback;
  readonly deployment: Deployment;
}

export type ExecutionResult =
  | { readonly kind: 'executed'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string; readonly retryable: boolean };

/** A webhook endpoint in the server's configuration. */
export interface WebhookEndpoint {
  readonly name: string;
  readonly url: string;
  /** `whsec_…`, 24–64 bytes. */
  readonly secret: string;
  /** Event types it wants; empty means all. */
  readonly events: readonly string[];
}
