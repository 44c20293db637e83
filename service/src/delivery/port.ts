import type { Deployment } from '../domain/deployment.js';
import type { OutboxMessage } from '../domain/outbox.js';
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
  /** Still signed with while receivers move to `secret`. */
  readonly previousSecrets?: readonly string[];
  /** Event types it wants; empty means all. */
  readonly events: readonly string[];
}

/** What the delivery room needs of a logger; pino's fits. */
export interface DeliveryLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the outbox worker needs of the store. */
export interface OutboxQueue {
  /**
   * The oldest waiting message of each lane (endpoint and deployment), where it is due at `nowMs`; oldest first, at most `limit`.
   * A lane whose oldest message waits for a retry gives nothing, or later messages would overtake it: see `laneHeads`.
   */
  claimDue(nowMs: number, limit: number): Promise<readonly OutboxMessage[]>;
  /** Stores what became of a message: delivered, dead, or waiting for `nextAttemptAtMs`. Durable when it resolves. */
  settle(message: OutboxMessage): Promise<void>;
}
