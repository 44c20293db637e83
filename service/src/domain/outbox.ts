/** A webhook message waiting for delivery, written in the same transaction as what it announces. */
export interface OutboxMessage {
  /** Stable over retries: the `webhook-id`. */
  readonly id: string;
  /** Name of a webhook endpoint in the server's configuration. */
  readonly endpoint: string;
  /** Dotted event type, e.g. `verdict.changed`. */
  readonly type: string;
  readonly deploymentId?: string;
  /** JSON text, under 20 kB. */
  readonly body: string;
  readonly state: 'waiting' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly nextAttemptAtMs: number;
  readonly createdAtMs: number;
  readonly deliveredAtMs?: number;
  readonly lastError?: string;
}
export type NewOutboxMessage = Pick<OutboxMessage, 'id' | 'endpoint' | 'type' | 'body' | 'createdAtMs'> & {
  readonly deploymentId?: string;
};
