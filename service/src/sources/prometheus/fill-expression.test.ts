import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillExpression } from './fill-expression.js';
import { selectorText } from './selector-text.js';

const variables = { service: 'cart', environment: 'prod', version: '1.2+rc"3', previousVersion: '' };
const fill = (expression: string, change: object = {}) =>
  fillExpression(expression, { ...variables, ...change }, 30_000);

describe('fillExpression', () => {
  it.each([
    ['m{s="{{service}}"}', 'm{s="cart"}'],
    ['m{v="{{version}}"}', String.raw`m{v="1.2+rc\"3"}`],
    ['m{v=~"{{version}}"}', String.raw`m{v=~"1\\.2\\+rc\"3"}`],
    ["m{v =~ '{{ version }}'}", String.raw`m{v =~ '1\\.2\\+rc"3'}`],
    ['m{v=~`{{version}}`}', 'm{v=~`1\\.2\\+rc"3`}'],
    ['m{v=~"{{previousVersion}}|x"}', 'm{v=~"|x"}'],
    ['rate(m[{{interval}}]) # {{service}}', 'rate(m[30s]) # {{service}}'],
    ['label_replace(m, "a", "{{version}}", "", "")', String.raw`label_replace(m, "a", "1.2+rc\"3", "", "")`],
    ['m{a="\\"{{service}}"} "', 'm{a="\\"cart"} "'],
  ])('%s', (expression, filled) => {
    expect(fill(expression)).toBe(filled);
  });

  it('matches any version where that is left open', () => {
    const { version, ...open } = variables;
    const whole = (expression: string) => fillExpression(expression, open, 1_500);
    expect(version).not.toBe('');
    expect(whole('m{v=~"{{version}}", s="x"}[{{interval}}]')).toBe('m{v=~".*", s="x"}[1500ms]');
    expect(() => whole('m{v="{{version}}"}')).toThrow(
      /="\{\{version\}\}" finds nothing.*=~"\{\{version\}\}"/,
    );
  });

  it.each([
    ['m{s={{service}}}', /\{\{service\}\} stands outside of quotes/],
    ['{{version}}_total', /outside of quotes/],
    ['m{s="{{srevice}}"}', /\{\{srevice\}\} is not known/],
    ['m{v=~`{{version}}`}', /back-quote/],
  ])('refuses %s', (expression, message) => {
    expect(() => fill(expression, { version: '`' })).toThrow(message);
  });

  it('lets no value out of its quotes, and matches that value alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', "'"), (service, quote) => {
        const literal = (operator: string): string => {
          const filled = fill(`m{s${operator}${quote}{{service}}${quote}}`, { service });
          const [, inside] = /^m\{s=~?["'](.*)["']\}$/s.exec(filled) ?? [];
          // Go's rules for what the tests can produce: a backslash and what follows it stand for one character.
          expect(inside).toMatch(quote === '"' ? /^(?:[^"\\]|\\["\\n])*$/s : /^(?:[^'\\]|\\['\\n])*$/s);
          return (inside ?? '').replace(/\\(.)/gs, (_, c: string) => (c === 'n' ? '\n' : c));
        };
        expect(literal('=')).toBe(service);
        expect(new RegExp(`^(?:${literal('=~')})$`, 's').test(service)).toBe(true);
        expect(new RegExp(`^(?:${literal('=~')})$`, 's').test(`${service}x`)).toBe(false);
      }),
      { seed: 23, numRuns: 300 },
    );
  });
});

describe('selectorText', () => {
  it('quotes names and values', () => {
    expect(selectorText(['http.server'], { a: 'x"\\\n', b: '' })).toBe(
      String.raw`{__name__="http.server",a="x\"\\\n",b=""}`,
    );
    expect(selectorText(['a.b', 'c'], {})).toBe(String.raw`{__name__=~"a\\.b|c"}`);
  });
});
