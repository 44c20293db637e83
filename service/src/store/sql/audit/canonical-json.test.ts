import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

it('sorts keys at every depth and leaves out what JSON cannot say', () => {
  const value = { b: [{ d: 1, c: undefined }, null], a: { z: 'é', y: 1.5 } };
  expect(canonicalJson(value)).toBe('{"a":{"y":1.5,"z":"é"},"b":[{"d":1},null]}');
});

it('is the same text after a trip through JSON in another order', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const reversed: unknown = JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
        typeof part === 'object' && part !== null && !Array.isArray(part)
          ? Object.fromEntries(Object.entries(part).reverse())
          : part,
      );
      expect(canonicalJson(reversed)).toBe(canonicalJson(value));
    }),
    { numRuns: 200, seed: 5 },
  );
});
