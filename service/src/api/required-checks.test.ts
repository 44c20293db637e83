import { describe, expect, it } from 'vitest';
import { fieldErrors, jsonPointer } from './field-errors.js';
import { policyInput } from './policy.js';

const metrics = [{ name: 'm', kind: 'error', signal: { type: 'gauge', series: { metric: 'm' } } }];
const smoke = { name: 'smoke', onFailure: 'rollback' };
const faults = (change: object): readonly string[] => {
  const result = policyInput.safeParse({ metrics, ...change });
  return result.success
    ? []
    : fieldErrors(result.error).map(
        ({ path, detail, remedy }) => `${jsonPointer(path)}: ${detail} | ${remedy ?? ''}`,
      );
};

describe('required checks of a policy', () => {
  it('are read with their defaults', () => {
    const all = { ...smoke, kind: 'junit', role: 'operator', step: 'canary', timeout: '15m' };
    expect(policyInput.parse({ metrics, requiredChecks: [smoke, { ...all, name: 'load' }] })).toMatchObject({
      requiredChecks: [
        { ...smoke, timeoutMs: 3_600_000 },
        { name: 'load', kind: 'junit', role: 'operator', step: 'canary', timeoutMs: 900_000 },
      ],
    });
    expect(policyInput.parse({ metrics })).not.toHaveProperty('requiredChecks');
  });

  it('may share a name at different steps', () => {
    const requiredChecks = ['a', 'b'].map((step) => ({ ...smoke, step }));
    expect(faults({ requiredChecks })).toEqual([]);
  });

  it.each([
    [{ requiredChecks: [{ name: 'smoke' }] }, /^\/requiredChecks\/0\/onFailure: .* \| ./],
    [
      { requiredChecks: [{ ...smoke, onfailure: 'x' }] },
      /onfailure: unknown field .* \| did you mean "onFailure"/,
    ],
    [
      { requiredChecks: [{ ...smoke, kind: 'smoke' }] },
      /kind: is not one of .* \| use one of smoke-test, junit/,
    ],
    [{ requiredChecks: [{ ...smoke, role: 'viewer' }] }, /role: .* \| use one of pipeline, operator, admin/],
    [{ requiredChecks: [{ ...smoke, timeout: 60 }] }, /timeout: must carry its unit \| ./],
    [{ requiredChecks: [{ ...smoke, timeout: '8d' }] }, /timeout: is out of range \| give 0s to 7d/],
    [
      { requiredChecks: [smoke, { ...smoke, step: 'a' }] },
      /\/1\/name: "smoke" is required twice .* \| give each/,
    ],
    [{ requiredChecks: Array.from({ length: 51 }, (_, n) => ({ ...smoke, name: `c${n}` })) }, /at most 50/],
    [{ holdRoles: [] }, /^\/holdRoles: .*at least 1/],
    [{ holdRoles: ['viewer'] }, /^\/holdRoles\/0: .* \| use one of pipeline, operator, admin/],
  ])('%j are refused, naming field and remedy', (change, fault) => {
    expect(faults(change).join('\n')).toMatch(fault);
  });
});
