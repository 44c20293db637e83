import type { OutboxMessage } from '../../domain/outbox.js';
import { laneHeads } from '../../domain/outbox-lane.js';
import type { OutboxQueue } from '../port.js';

/** An outbox in memory, which outlives the worker as a database outlives the process. */
export interface MemoryQueue extends OutboxQueue {
  put(message: OutboxMessage): void;
  get(id: string): OutboxMessage;
  all(): readonly OutboxMessage[];
  /** While true every call fails, as a full disk would make it. */
  broken: boolean;
}

/** A message that waits for its first attempt. */
export function waiting(id: string, more: Partial<OutboxMessage> = {}): OutboxMessage {
  return {
    id,
    endpoint: 'main',
    type: 'verdict.changed',
    deploymentId: 'd1',
    body: JSON.stringify({ type: 'verdict.changed', id }),
    state: 'waiting',
    attempts: 0,
    nextAttemptAtMs: 0,
    createdAtMs: 0,
    ...more,
  };
}

export function createMemoryQueue(messages: readonly OutboxMessage[] = []): MemoryQueue {
  const rows = new Map(messages.map((message) => [message.id, message]));
  const queue: MemoryQueue = {
    broken: false,
    put: (message) => void rows.set(message.id, message),
    get: (id) => {
      const row = rows.get(id);
      if (!row) throw new Error(`no message ${id}`);
      return row;
    },
    all: () => [...rows.values()],
    claimDue: async (nowMs, limit) => {
      await Promise.resolve();
      if (queue.broken) throw new Error('disk full');
      return laneHeads([...rows.values()], nowMs, limit);
    },
    settle: async (message) => {
      await Promise.resolve();
      if (queue.broken) throw new Error('disk full');
      rows.set(message.id, message);
    },
  };
  return queue;
}
