import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeTags, encodeTags, encodeValue } from './sample-tags.js';
import { parseSeriesKey } from './series-key.js';

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('%', '\\', ',', '=', ' ', '"', '5', 'C', '2', '0', 'A', '\n', '\r', '\t', '\u007f'),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
  minLength: 1,
  maxLength: 12,
});
const labels = fc.dictionary(
  fc.oneof(fc.constantFrom('time', 'value', '_field', 'host'), fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/)),
  text,
  { maxKeys: 4, noNullPrototype: true },
);

it('brings every label, project and unit back, and leaves nothing that the line protocol cannot carry', () => {
  fc.assert(
    fc.property(text, labels, fc.option(text, { nil: undefined }), (project, given, unit) => {
      const series = {
        project,
        type: 'counter' as const,
        labels: given,
        ...(unit === undefined ? {} : { unit }),
      };
      const tags = encodeTags(series);
      expect(decodeTags(tags)).toEqual(series);
      for (const [name, value] of Object.entries(tags)) {
        expect(['time', 'value', '_field']).not.toContain(name);
        expect(value).not.toMatch(/[\\\n\r\t\u007f]/);
      }
      // As InfluxDB prints a series.
      const escape = (part: string) => part.replace(/[,= ]/g, String.raw`\$&`);
      const key = ['m', ...Object.entries(tags).map(([name, value]) => `${escape(name)}=${escape(value)}`)];
      expect(parseSeriesKey(key.join(','))).toEqual({ measurement: 'm', tags });
    }),
    { seed: 3, numRuns: 500 },
  );
});

it('leaves alone what needs no escape', () => {
  expect(['a/b', '100%', '%2F', 'größe', '"x"'].map(encodeValue)).toEqual([
    'a/b',
    '100%',
    '%2F',
    'größe',
    '"x"',
  ]);
  expect(['a\\', '%5C', 'a\nb'].map(encodeValue)).toEqual(['a%5C', '%255C', 'a%0Ab']);
});

it('knows what was not pushed', () => {
  expect(decodeTags({ host: 'a' })).toBeUndefined();
  expect(decodeTags({ __project__: 'p', __type__: 'summary' })).toBeUndefined();
});
