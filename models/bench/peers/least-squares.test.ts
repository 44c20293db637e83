import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leastSquares } from './least-squares.js';

interface Case {
  readonly rows: readonly (readonly number[])[];
  readonly targets: readonly number[];
  readonly ridge: number;
  readonly coefficients: readonly number[];
}
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/peer-least-squares.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

describe('leastSquares', () => {
  it.each(reference.cases.map((one) => ({ ...one, size: one.coefficients.length })))(
    'matches numpy with $size columns',
    ({ rows, targets, ridge, coefficients }) => {
      const found = leastSquares(rows, targets, ridge);
      coefficients.forEach((value, column) => expect(found[column]).toBeCloseTo(value, 9));
    },
  );

  it('has an answer without observations, and for columns that are all zero or the same', () => {
    expect([...leastSquares([], [], 1e-3)]).toEqual([]);
    const same = leastSquares(
      [
        [1, 1, 0],
        [1, 1, 0],
      ],
      [4, 4],
      1e-6,
    );
    expect((same[0] ?? 0) + (same[1] ?? 0)).toBeCloseTo(4, 4);
    expect(same[2]).toBe(0);
  });
});
