import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closestKey } from './closest-key.js';

const known = ['alpha', 'prior', 'interval', 'minCoverage', 'earliestContinue'];

fc.configureGlobal({ seed: 17 });

describe('closestKey', () => {
  it.each([
    ['alhpa', 'alpha'],
    ['Alpha', 'alpha'],
    ['min_coverage', 'minCoverage'],
    ['intervall', 'interval'],
    ['priro', 'prior'],
    ['zebra', undefined],
    ['', undefined],
    ['x'.repeat(1_000_000), undefined],
  ])('suggests for %.20s: %s', (word, expected) => expect(closestKey(word, known)).toBe(expected));

  it('finds a known key after any one slip', () => {
    const slip = fc.tuple(fc.constantFrom(...known), fc.nat(), fc.constantFrom('drop', 'double', 'change'));
    fc.assert(
      fc.property(slip, ([key, at, kind]) => {
        const i = at % key.length;
        const letter = kind === 'drop' ? '' : kind === 'double' ? `${key[i] ?? ''}q` : 'q';
        expect(closestKey(key.slice(0, i) + letter + key.slice(i + 1), known)).toBe(key);
      }),
    );
  });
});
