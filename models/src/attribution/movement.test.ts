import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { commonCause } from './common-cause.js';
import type { Contrast } from './attribution-contract.js';
import { differenceInDifferences } from './difference-in-differences.js';
import { judgeMovement, movementAt } from './movement.js';

interface Case {
  readonly own: readonly number[];
  readonly others: readonly (readonly number[])[];
  readonly after: number;
  readonly before: number;
  readonly now: number;
  readonly moments: readonly number[];
  readonly expected: Omit<Contrast, 'metric'>;
}
const { cases } = JSON.parse(
  readFileSync(
    new URL('../../../fixtures/reference/difference-in-differences.json', import.meta.url),
    'utf8',
  ),
) as { readonly cases: readonly Case[] };

const stretches = { after: 10, before: 20 };
const moments = Array.from({ length: 60 }, (_, i) => 30 + 4 * i);
const NOW = 300;
const noise = (random: ReturnType<typeof createRandom>, phi: number): Float64Array => {
  let state = random.normal();
  return Float64Array.from(
    { length: 310 },
    () => (state = phi * state + Math.sqrt(1 - phi ** 2) * random.normal()),
  );
};

describe('movementAt', () => {
  it('is the difference of two means, and nothing where too little was seen', () => {
    const at = movementAt(Float64Array.of(1, 1, 1, NaN, 3, 3), { after: 2, before: 2 });
    expect([at(2), at(3), at(4)]).toEqual([0, 2, 2]);
    expect([at(1), at(5)]).toEqual([NaN, NaN]);
    expect(movementAt(Float64Array.of(1, NaN, NaN, 2, 2), { after: 2, before: 2 })(3)).toBeNaN();
  });
});

describe('judgeMovement', () => {
  it.each([0, 0.8])('seldom sees a movement where there is none (AR %s)', (phi) => {
    const random = createRandom(5);
    let seen = 0;
    for (let round = 0; round < 300; round++)
      if (judgeMovement(noise(random, phi), stretches, NOW, moments, false)?.now === true) seen += 1;
    expect(seen).toBeLessThanOrEqual(15);
  });

  it('sees one, goes by its direction, and needs a past', () => {
    const values = noise(createRandom(6), 0.3).map((x, k) => (k >= NOW ? x - 6 : x));
    expect(judgeMovement(values, stretches, NOW, moments, false)?.now).toBe(false);
    expect(judgeMovement(values, stretches, NOW, moments, true)?.now).toBe(true);
    expect(
      judgeMovement(
        values.map((x) => -x),
        stretches,
        NOW,
        moments,
        false,
      ),
    ).toMatchObject({ now: true });
    expect(judgeMovement(values, stretches, NOW, [], true)).toBeUndefined();
    expect(judgeMovement(values.fill(NaN), stretches, NOW, moments, true)).toBeUndefined();
  });

  it('does not call next to nothing a movement, however quiet the past', () => {
    const values = new Float64Array(310).map((_, k) => (k >= NOW ? 0.01 : 0));
    expect(judgeMovement(values, stretches, NOW, moments, false)?.now).toBe(false);
  });
});

describe('commonCause', () => {
  const quiet = new Array<boolean>(60).fill(false);
  const one = (service: string, now: boolean, past: readonly boolean[] = quiet) => ({
    service,
    movement: { now, size: 1, past },
  });

  it('needs many that seldom move together', () => {
    const many = [one('a', true), one('b', true), one('c', true), one('d', false)];
    expect(commonCause(many, 60)).toEqual({ likely: true, services: 4, moved: ['a', 'b', 'c'], p: 1 / 61 });
    const habit = quiet.map((_, k) => k % 5 === 0);
    const often = many.map(({ service, movement }) => one(service, movement.now, habit));
    expect(commonCause(often, 60)).toMatchObject({ likely: false, p: 13 / 61 });
  });

  it('does not go by one service, by a minority, or by a short past', () => {
    expect(commonCause([one('a', true)], 60).likely).toBe(false);
    expect(commonCause([one('a', true), one('a', true), one('b', false)], 60).moved).toEqual(['a']);
    const few = [one('a', true), one('b', true), ...['c', 'd', 'e'].map((name) => one(name, false))];
    expect(commonCause(few, 60).likely).toBe(false);
    const short = [one('a', true, []), one('b', true, [])];
    expect(commonCause(short, 10)).toEqual({ likely: false, services: 2, moved: ['a', 'b'] });
    expect(commonCause([], 60)).toEqual({ likely: false, services: 0, moved: [] });
  });
});

describe('differenceInDifferences', () => {
  it.each(cases)('matches numpy (%#)', ({ own, others, after, before, now, moments: past, expected }) => {
    const found = differenceInDifferences(
      Float64Array.from(own),
      others.map((values) => Float64Array.from(values)),
      { after, before },
      now,
      past,
    );
    for (const [name, value] of Object.entries(expected))
      expect(found?.[name as keyof typeof expected]).toBeCloseTo(value, 10);
  });

  it('rejects a true null about as often as it says, with one other service and with twenty', () => {
    const random = createRandom(8);
    for (const count of [1, 20]) {
      let rejected = 0;
      for (let round = 0; round < 200; round++) {
        const others = Array.from({ length: count }, () => noise(random, 0.5));
        const found = differenceInDifferences(noise(random, 0.5), others, stretches, NOW, moments);
        if ((found?.p ?? 1) <= 0.05) rejected += 1;
      }
      expect(rejected / 200).toBeLessThan(0.05 + 3.5 * Math.sqrt((0.05 * 0.95) / 200));
    }
  });

  it('has no answer without others or without a past', () => {
    const own = noise(createRandom(9), 0);
    expect(differenceInDifferences(own, [], stretches, NOW, moments)).toBeUndefined();
    expect(differenceInDifferences(own, [own], stretches, NOW, moments.slice(0, 5))).toBeUndefined();
  });
});
