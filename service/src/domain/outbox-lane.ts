import type { OutboxMessage } from './outbox.js';

/**
 * The lane of a message: within one endpoint and deployment messages go out one at a time and in order, so that an earlier
 * verdict which is still being retried is never overtaken by a later one. Lanes do not wait for each other.
 */
export function laneOf(message: Pick<OutboxMessage, 'endpoint' | 'deploymentId'>): string {
  return JSON.stringify([message.endpoint, message.deploymentId ?? '']);
}

/**
 * The oldest waiting message of each lane, where it is due; what an `OutboxQueue` must return from `claimDue`.
 *
 * @param messages All waiting messages; those with the same `createdAtMs` in the order in which they were written.
 * @returns Oldest first, at most `limit`
 */
export function laneHeads(
  messages: readonly OutboxMessage[],
  nowMs: number,
  limit: number,
): readonly OutboxMessage[] {
  const heads = new Map<string, OutboxMessage>();
  for (const message of messages
    .filter(({ state }) => state === 'waiting')
    .toSorted((a, b) => a.createdAtMs - b.createdAtMs)) {
    const lane = laneOf(message);
    if (!heads.has(lane)) heads.set(lane, message);
  }
  return [...heads.values()].filter(({ nextAttemptAtMs }) => nextAttemptAtMs <= nowMs).slice(0, limit);
}

/**
 * A dead message made to wait again, with its whole budget of attempts, its id as before and its last error still to be seen.
 *
 * It goes out before what waits in its lane but after what was delivered meanwhile: receivers order verdicts by their sequence.
 *
 * @throws RangeError for a message that is not dead
 */
export function redelivered(message: OutboxMessage, nowMs: number): OutboxMessage {
  if (message.state !== 'dead')
    throw new RangeError(`only a dead message can be delivered again; this one is ${message.state}`);
  return { ...message, state: 'waiting', attempts: 0, nextAttemptAtMs: nowMs };
}
