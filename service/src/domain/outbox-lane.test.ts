import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutboxMessage } from './outbox.js';
import { waiting } from '../delivery/fakes/memory-queue.js';
import { laneHeads, laneOf, redelivered } from './outbox-lane.js';

const ids = (messages: readonly OutboxMessage[]) => messages.map(({ id }) => id);

describe('laneHeads', () => {
  it('holds a lane back while its oldest message waits for a retry, and no other', () => {
    const messages = [
      waiting('late', { createdAtMs: 3 }),
      waiting('first', { createdAtMs: 1, nextAttemptAtMs: 500 }),
      waiting('elsewhere', { createdAtMs: 2, endpoint: 'other' }),
      waiting('other-deployment', { createdAtMs: 4, deploymentId: 'd2' }),
    ];
    expect(ids(laneHeads(messages, 499, 10))).toEqual(['elsewhere', 'other-deployment']);
    expect(ids(laneHeads(messages, 500, 10))).toEqual(['first', 'elsewhere', 'other-deployment']);
    expect(ids(laneHeads(messages, 500, 1))).toEqual(['first']);
  });

  it('goes past what is delivered or dead', () => {
    const messages = [
      waiting('a', { state: 'dead' }),
      waiting('b', { state: 'delivered' }),
      waiting('c', { createdAtMs: 5 }),
    ];
    expect(ids(laneHeads(messages, 0, 10))).toEqual(['c']);
  });

  it('keeps the written order within a millisecond', () => {
    expect(ids(laneHeads([waiting('z'), waiting('a')], 0, 10))).toEqual(['z']);
  });

  it('gives at most one message a lane, due, and never one with an older waiting one in its lane', () => {
    const message = fc.record({
      id: fc.uuid(),
      endpoint: fc.constantFrom('a', 'b'),
      deploymentId: fc.constantFrom('d1', 'd2', 'd3'),
      state: fc.constantFrom('waiting' as const, 'delivered' as const, 'dead' as const),
      createdAtMs: fc.nat(20),
      nextAttemptAtMs: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(message), fc.nat(20), fc.nat(5), (records, nowMs, limit) => {
        const messages = records.map((record) => waiting(record.id, record));
        const heads = laneHeads(messages, nowMs, limit);
        expect(heads.length).toBeLessThanOrEqual(limit);
        expect(new Set(heads.map(laneOf)).size).toBe(heads.length);
        for (const head of heads) {
          expect(head.nextAttemptAtMs).toBeLessThanOrEqual(nowMs);
          const older = messages.filter(
            (m) => m.state === 'waiting' && laneOf(m) === laneOf(head) && m.createdAtMs < head.createdAtMs,
          );
          expect(older).toEqual([]);
        }
      }),
      { seed: 10 },
    );
  });
});

describe('laneOf', () => {
  it('does not mix up endpoints and deployments whose names run together', () => {
    expect(laneOf({ endpoint: 'a', deploymentId: 'b","c' })).not.toBe(
      laneOf({ endpoint: 'a","b', deploymentId: 'c' }),
    );
  });
});

describe('redelivered', () => {
  it('waits again from the start, with the same id', () => {
    const dead = waiting('m', { state: 'dead', attempts: 16, nextAttemptAtMs: 5, lastError: 'HTTP 500' });
    expect(redelivered(dead, 99)).toEqual({ ...dead, state: 'waiting', attempts: 0, nextAttemptAtMs: 99 });
  });

  it('refuses a message that is not dead', () => {
    expect(() => redelivered(waiting('m'), 0)).toThrow(/only a dead message .* this one is waiting/);
  });
});
