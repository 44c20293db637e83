import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scanLine, splitUnescaped, unescapeName } from './scan-line.js';

const escape = (text: string, letters: RegExp): string => text.replaceAll(letters, String.raw`\$&`);
/** A name that ends in a backslash cannot be written, and one with two in a row reads differently between clients. */
const name = fc
  .string({ unit: fc.constantFrom(...Array.from('abcµ ,="é1')), minLength: 1, maxLength: 8 })
  .filter((text) => text.trim() === text);
const text = fc.string({ unit: fc.constantFrom(...Array.from('ab ,="\\é')), maxLength: 8 });

it('reads back what was written, with any letters escaped', () => {
  fc.assert(
    fc.property(
      name,
      fc.dictionary(name, name, { maxKeys: 3 }),
      fc.array(fc.tuple(name, text), { minLength: 1, maxLength: 3 }),
      fc.integer(),
      (measurement, tags, fields, time) => {
        const key = [
          escape(measurement, /[, ]/g),
          ...Object.entries(tags).map(
            ([tag, value]) => `${escape(tag, /[,= ]/g)}=${escape(value, /[,= ]/g)}`,
          ),
        ].join(',');
        const written = fields.map(
          ([field, value]) => `${escape(field, /[,= ]/g)}="${escape(value, /["\\]/g)}"`,
        );
        const line = scanLine(`${key} ${written.join(',')} ${time}`);
        expect(line?.time).toBe(String(time));
        expect(line?.fields.map(([field]) => unescapeName(field))).toEqual(fields.map(([field]) => field));
        expect(line?.fields.map(([, value]) => value.slice(1, -1).replaceAll(/\\(["\\])/g, '$1'))).toEqual(
          fields.map(([, value]) => value),
        );
        const [head = '', ...pairs] = splitUnescaped(line?.key ?? '', ',');
        expect(unescapeName(head)).toBe(measurement);
        expect(pairs.map((pair) => splitUnescaped(pair, '=').map(unescapeName))).toEqual(
          Object.entries(tags),
        );
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});

it.each([
  '',
  ' ',
  'm',
  'm ',
  'm a',
  'm a=',
  'm =1',
  ',t=1 ',
  'm a=1 x',
  'm a=1 1 2',
  'm a="x',
  'm a=1,',
  'm a=1 99999999999999999999',
])('finds no line in %j', (line) => {
  expect(scanLine(line)).toBeUndefined();
});
