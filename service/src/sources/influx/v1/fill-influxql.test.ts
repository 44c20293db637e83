import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExpressionQuery } from '../../port.js';
import { fillInfluxql } from './fill-influxql.js';
import { quoteIdentifier, quoteString } from './quote.js';
import { scanInfluxql } from './scan-influxql.js';

const query = (
  expression: string,
  variables: Partial<ExpressionQuery['variables']> = {},
): ExpressionQuery => ({
  project: 'p',
  expression,
  variables: { service: 'cart', environment: 'prod', version: 'v2', previousVersion: 'v1', ...variables },
  fromMs: 61_500,
  toMs: 121_500,
  stepMs: 10_000,
});
const TIME = 'time >= 61500ms AND time < 121500ms';
const whole = (where: string) =>
  `SELECT mean("value") FROM "latency" WHERE $timeFilter AND ${where} GROUP BY time({{interval}}) fill(none)`;

/** What InfluxQL's own scanner makes of a quoted text. */
const unquote = (text: string): string =>
  text.slice(1, -1).replace(/\\([\\'"n])/g, (_whole, escape: string) => (escape === 'n' ? '\n' : escape));
/** No closing quote before the end. */
function scan(body: string, quote: string): boolean {
  for (let at = 0; at < body.length; at += 1) {
    if (body.charAt(at) === '\\') at += 1;
    else if (body.charAt(at) === quote) return false;
  }
  return true;
}

/** Texts full of what could end a quote. */
const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom("'", '"', '/', '\\', ';', '-', '*', '(', '$', '{', '}', ' ', '\n'),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
  maxLength: 20,
});
const oneLine = nasty.filter((text) => !/[\p{Cc};]/u.test(text));

describe('fillInfluxql', () => {
  it('fills in the range, the length and the offset of an interval, and the variables', () => {
    expect(fillInfluxql(query(whole(`"service" = '{{service}}' AND "version" =~ /^{{ version }}$/`)))).toBe(
      `SELECT mean("value") FROM "latency" WHERE ${TIME} AND "service" = 'cart' AND "version" =~ /^v2$/ GROUP BY time(10000ms,1500ms) fill(none)`,
    );
  });

  it('understands the macros of a Grafana panel', () => {
    const panel = `SELECT sum("value") / {{intervalSeconds}} FROM "hits" WHERE $timeFilter GROUP BY time($__interval) fill(0)`;
    expect(fillInfluxql(query(panel))).toBe(
      `SELECT sum("value") / 10 FROM "hits" WHERE ${TIME} GROUP BY time(10000ms,1500ms) fill(0)`,
    );
    expect(
      fillInfluxql(
        query('select x from y where time > {{from}} and time <= {{to}} group by time($interval)'),
      ),
    ).toBe('select x from y where time > 61500ms and time <= 121500ms group by time(10000ms,1500ms)');
  });

  it('matches any version where it is left open, and tells how where that cannot be', () => {
    const { version, ...open } = query('').variables;
    expect(version).toBe('v2');
    const left = (where: string) => fillInfluxql({ ...query(whole(where)), variables: open });
    expect(left('"version" =~ /^{{version}}$/')).toContain('"version" =~ /^.*$/');
    expect(() => left(`"version" = '{{version}}'`)).toThrow('=~ /^{{version}}$/');
    expect(fillInfluxql(query(whole('"version" =~ /^{{version}}$/'), { version: '' }))).toContain('=~ /^$/');
  });

  it.each([
    ['DROP DATABASE x', 'begins with SELECT'],
    [`${whole('1=1')}; DROP DATABASE x`, 'without ";"'],
    ['SELECT * INTO "x" FROM "y" WHERE $timeFilter GROUP BY time({{interval}})', 'INTO'],
    ['SELECT x FROM y GROUP BY time({{interval}})', 'has no time range'],
    ['SELECT mean(x) FROM y WHERE $timeFilter', 'is not grouped'],
    [whole('service = {{service}}'), `write '{{service}}'`],
    [whole(`x = '{{interval}}'`), 'without them'],
    [whole(`x = '{{nothing}}'`), 'known are {{service}}'],
    [whole(`x = 'open`), 'open quote'],
    [whole('x = 1 -- comment'), 'comment'],
  ])('refuses %s', (expression, remedy) => {
    expect(() => fillInfluxql(query(expression))).toThrow(remedy);
  });

  it('refuses a value that no string can hold', () => {
    expect(() => fillInfluxql(query(whole(`x = '{{service}}'`), { service: 'a\nb' }))).toThrow(
      'control character',
    );
    expect(() => fillInfluxql(query(whole(`x = '{{service}}'`), { service: 'a;b' }))).toThrow('";"');
  });

  it('lets no value out of its quotes', () => {
    fc.assert(
      fc.property(oneLine, (service) => {
        const filled = fillInfluxql(
          query(whole(`"a" = '{{service}}' AND "{{service}}" =~ /^{{service}}$/`), { service }),
        );
        const pieces = scanInfluxql(filled) ?? [];
        expect(pieces.filter(({ kind }) => kind === 'bare').map(({ text }) => text)).toEqual([
          'SELECT mean(',
          ') FROM ',
          ` WHERE ${TIME} AND `,
          ' = ',
          ' AND ',
          ' =~ ',
          ' GROUP BY time(10000ms,1500ms) fill(none)',
        ]);
        const pattern = pieces.find(({ kind }) => kind === 'regex')?.text ?? '';
        expect(new RegExp(pattern, 'u').exec(service)?.[0]).toBe(service);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});

describe('quoting', () => {
  it('gives back what was quoted, and ends where it ends', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        for (const quoted of [quoteString(text), quoteIdentifier(text)]) {
          expect(unquote(quoted)).toBe(text);
          expect(scan(quoted.slice(1, -1), quoted.charAt(0))).toBe(true);
        }
      }),
      { seed: 6, numRuns: 500 },
    );
  });
});
