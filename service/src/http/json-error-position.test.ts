import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonErrorPosition } from './json-error-position.js';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

fc.configureGlobal({ seed: 17 });

describe('jsonErrorPosition', () => {
  it.each([
    ['', 0],
    ['  ', 2],
    ['{', 1],
    ['{"a": tru}', 6],
    ['{"a" 1}', 5],
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['[1]]', 3],
    ['{"a":1}x', 7],
    ["{'a':1}", 1],
    ['"tab\there"', 0],
    ['[01]', 1],
    ['[NaN]', 1],
    ['[1}', 2],
  ])('finds the first wrong character of %s', (text, position) => {
    expect(isJson(text)).toBe(false);
    expect(jsonErrorPosition(text)).toBe(position);
  });

  it('finds nothing wrong with JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        expect(jsonErrorPosition(text)).toBeUndefined();
        expect(jsonErrorPosition(` ${JSON.stringify(JSON.parse(text), null, indent)}\r\n`)).toBeUndefined();
      }),
    );
  });

  it('agrees with the engine about what is JSON', () => {
    const edit = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', '"', '}', '0', 'e', '\\', '-', '.', '\u007f', '\u0001'),
    );
    fc.assert(
      fc.property(edit, ([text, at, inserted]) => {
        const where = at % (text.length + 1);
        const edited = text.slice(0, where) + inserted + text.slice(where + 1);
        expect(jsonErrorPosition(edited) === undefined).toBe(isJson(edited));
      }),
      { numRuns: 500 },
    );
  });

  it('survives deep nesting and long strings', () => {
    expect(jsonErrorPosition('['.repeat(200_000))).toBe(200_000);
    expect(jsonErrorPosition(`["${'x'.repeat(8_000_000)}"`)).toBe(8_000_003);
  });
});
