import type { OutboxMessage } from '../domain/outbox.js';
import type { Attempt } from './attempt.js';

/** Where messages go that are no webhooks; the outbox delivers to it at least once, in order for each deployment. */
export interface Channel {
  /** What messages name as their endpoint. */
  readonly name: string;
  /** One attempt. Never throws for what a network or a receiver can do; a message that was delivered before changes nothing. */
  attempt(
    message: OutboxMessage,
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<Attempt>;
}
