import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HookRule } from '../domain/hook.js';
import { placeOf } from './place-of.js';

function rule(change: Partial<HookRule>): HookRule {
  return { match: {}, ignore: false, service: 'cart', environment: 'prod', dependsOn: [], ...change };
}

test('the first rule that fits counts, and its placeholders are filled in', () => {
  const rules = [
    rule({ match: { repository: 'acme/old-*' }, ignore: true }),
    rule({ match: { repository: 'acme/*', environment: 'production' }, service: '{{ repository }}' }),
    rule({ match: { repository: 'acme/*' }, dependsOn: ['{{repository}}-database'] }),
  ];
  const place = (repository: string, environment = 'staging') => placeOf(rules, { repository, environment });
  expect(place('acme/old-cart').kind).toBe('ignored');
  expect(place('acme/cart', 'production')).toMatchObject({ kind: 'place', service: 'acme/cart' });
  expect(place('acme/cart')).toMatchObject({ service: 'cart', rule: { dependsOn: ['acme/cart-database'] } });
  expect(place('other/cart')).toEqual({
    kind: 'unmapped',
    reason: 'no rule fits repository "other/cart", environment "staging"',
  });
});

test('a pattern fits what the same regular expression fits', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (glob, value) => {
      const expected = new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(value);
      const mapped = placeOf([rule({ match: { name: glob } })], { name: value });
      expect(mapped.kind === 'place').toBe(expected);
    }),
    { numRuns: 5_000 },
  );
});

test('a long pattern against a long text takes no time to speak of', () => {
  const pattern = '*a'.repeat(150);
  const started = performance.now();
  placeOf([rule({ match: { name: pattern } })], { name: 'a'.repeat(100_000) + 'b' });
  expect(performance.now() - started).toBeLessThan(1_000);
});
