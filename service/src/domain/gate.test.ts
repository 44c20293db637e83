import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkEvents, checkTransitions } from './check-machine.js';
import { stateAt, type CheckState } from './check.js';
import { acknowledgementTransitions } from './collaboration.js';
import { gate, type GatedValue, type GateInputs } from './gate.js';
import { holdTransitions } from './hold.js';
import type { CheckStanding } from './required-check.js';
import { next } from './state-machine.js';

const standing: fc.Arbitrary<CheckStanding> = fc.record({
  name: fc.constantFrom('smoke', 'sign-off'),
  onFailure: fc.constantFrom('rollback' as const, 'inconclusive' as const),
  standing: fc.constantFrom(...(['passed', 'failed', 'running', 'expired', 'missing', 'overdue'] as const)),
});
const anyInputs: fc.Arbitrary<GateInputs> = fc
  .record({ checks: fc.array(standing, { maxLength: 4 }), looksOver: fc.boolean(), isHeld: fc.boolean() })
  .map(({ isHeld, ...rest }) => ({ ...rest, ...(isHeld ? { hold: { reason: 'r', sinceMs: 0 } } : {}) }));
const values = ['pending', 'continue', 'rollback', 'inconclusive'] as const;
const anyValue: fc.Arbitrary<GatedValue> = fc.constantFrom(...values);

fc.configureGlobal({ seed: 23, numRuns: 1_000 });

describe('the gate', () => {
  it('gives continue only where the metrics do, every check passed and nobody holds', () => {
    fc.assert(
      fc.property(anyValue, anyInputs, (value, inputs) => {
        const open = inputs.hold === undefined && inputs.checks.every((one) => one.standing === 'passed');
        expect(gate(value, inputs).value === 'continue').toBe(value === 'continue' && open);
      }),
    );
  });

  it('lets every rollback through, and adds only those of a failed check that says so', () => {
    fc.assert(
      fc.property(anyValue, anyInputs, (value, inputs) => {
        const failed = inputs.checks.some((one) => one.standing === 'failed' && one.onFailure === 'rollback');
        expect(gate(value, inputs).value === 'rollback').toBe(value === 'rollback' || failed);
      }),
    );
  });

  it('says what is still needed exactly while it keeps something back', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const { value, stillNeeded } = gate('continue', inputs);
        expect(stillNeeded.length > 0).toBe(value === 'pending');
      }),
    );
  });

  it('leaves the metrics their word where nothing is asked', () => {
    for (const value of values)
      expect(gate(value, { checks: [], looksOver: true })).toEqual({ value, reasons: [], stillNeeded: [] });
  });

  it('names the check, its kind and its step', () => {
    const one = { name: 'smoke', kind: 'junit', step: 'canary', onFailure: 'inconclusive' } as const;
    const { stillNeeded } = gate('pending', { checks: [{ ...one, standing: 'expired' }], looksOver: false });
    expect(stillNeeded[0]?.text).toBe(
      'the required check "smoke" (junit, step canary) has expired and must be given again',
    );
  });
});

describe('checks, holds and acknowledgements', () => {
  it('a report leads to the state that it names, but a failure never expires', () => {
    for (const from of Object.keys(checkTransitions) as CheckState[])
      for (const to of Object.keys(checkEvents) as CheckState[])
        expect(next(checkTransitions, from, checkEvents[to])).toBe(
          from === 'failed' && to === 'expired' ? undefined : to,
        );
  });

  it('only a pass runs out', () => {
    for (const state of ['running', 'failed', 'expired'] as const)
      expect(stateAt({ state, expiresAtMs: 1 }, 2)).toBe(state);
    expect(stateAt({ state: 'passed', expiresAtMs: 2 }, 1)).toBe('passed');
    expect(stateAt({ state: 'passed', expiresAtMs: 2 }, 2)).toBe('expired');
  });

  it('nothing is lifted or released that does not stand', () => {
    expect(next(holdTransitions, 'free', 'proceed')).toBeUndefined();
    expect(next(holdTransitions, 'over', 'hold')).toBeUndefined();
    expect(next(acknowledgementTransitions, 'open', 'release')).toBeUndefined();
    expect(next(acknowledgementTransitions, 'released', 'release')).toBeUndefined();
  });
});
