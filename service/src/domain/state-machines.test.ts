import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deploymentTransitions } from './deployment-machine.js';
import { rollbackTransitions } from './rollback-machine.js';
import { isFinal, next, type Transitions } from './state-machine.js';
import { watchTransitions } from './watch-machine.js';

const machines = {
  deployment: { transitions: deploymentTransitions as Transitions<string, string>, start: 'running' },
  watch: { transitions: watchTransitions as Transitions<string, string>, start: 'watching' },
  rollback: { transitions: rollbackTransitions as Transitions<string, string>, start: 'requested' },
};

describe.each(Object.entries(machines))('%s state machine', (_name, { transitions, start }) => {
  const states = Object.keys(transitions);
  const events = [...new Set(states.flatMap((s) => Object.keys(transitions[s] ?? {})))];

  const walk = (moves: readonly string[]): string =>
    moves.reduce((state, event) => next(transitions, state, event) ?? state, start);

  it('never leaves its states and never leaves a final state, whatever events come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...events), { maxLength: 40 }),
        fc.array(fc.constantFrom(...events)),
        (first, more) => {
          const reached = walk(first);
          expect(states).toContain(reached);
          if (isFinal(transitions, reached)) expect(walk([...first, ...more])).toBe(reached);
        },
      ),
    );
  });

  it('reaches every state from the start, and can always still come to an end', () => {
    const reach = (from: string): Set<string> => {
      const seen = new Set([from]);
      const queue = [from];
      for (let state = queue.pop(); state !== undefined; state = queue.pop())
        for (const target of Object.values(transitions[state] ?? {}))
          if (target !== undefined && !seen.has(target)) {
            seen.add(target);
            queue.push(target);
          }
      return seen;
    };
    expect([...reach(start)].sort()).toEqual([...states].sort());
    for (const state of states) expect([...reach(state)].some((s) => isFinal(transitions, s))).toBe(true);
  });
});

describe('deployment rules', () => {
  it('does not roll back what no longer runs', () => {
    for (const gone of ['cancelled', 'superseded', 'rolled-back'] as const)
      expect(next(deploymentTransitions, gone, 'rollback-accepted')).toBeUndefined();
  });
  it('allows another attempt after a failed rollback', () => {
    expect(next(deploymentTransitions, 'rollback-failed', 'rollback-accepted')).toBe('rolling-back');
  });
});
