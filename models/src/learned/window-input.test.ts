import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../statistical/random.js';
import { windowInput, writeWindowInput } from './window-input.js';
import type { WindowRequest } from './window-lines.js';
import { INPUT_SIZE, linePlaces } from './window-shape.js';
import { stepWidth } from './window-steps.js';

fc.configureGlobal({ seed: 20240917 });

function noisy(length: number, seed = 1): Float64Array {
  const random = createRandom(seed);
  return new Float64Array(length).map((_, index) => 50 + 10 * Math.sin(index / 40) + random.normal());
}
function request(changes: Partial<WindowRequest> = {}): WindowRequest {
  return {
    values: noisy(600),
    at: 500,
    look: 30,
    plannedLooks: 60,
    lags: [120, 240],
    direction: 'up',
    ...changes,
  };
}

const odd = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1e300, -1e300, 5e-324, Number.MAX_VALUE),
);

describe('windowInput', () => {
  it.each([
    ['constant', () => 7],
    ['all zero', () => 0],
    ['single-valued but for one', (i: number) => (i === 480 ? 9 : 3)],
    ['quantised', (i: number) => Math.round(Math.sin(i))],
    ['negative', (i: number) => -1e9 - (i % 7)],
    ['huge', (i: number) => 1e308 * Math.cos(i)],
    ['gappy', (i: number) => (i % 3 === 0 ? i % 5 : NaN)],
    ['with infinities', (i: number) => (i % 50 === 0 ? Infinity : i % 11)],
  ])('is finite for a %s series', (_, value) => {
    const values = new Float64Array(600).map((_unused, index) => value(index));
    const input = windowInput(request({ values }));
    expect(input).toHaveLength(INPUT_SIZE);
    expect(input?.every(Number.isFinite)).toBe(true);
  });

  it('is finite or undefined whatever the series holds', () => {
    fc.assert(
      fc.property(
        fc.array(odd, { minLength: 0, maxLength: 300 }),
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 1, max: 400 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 3 }),
        (list, at, look, plannedLooks, lags) => {
          const values = Float64Array.from(list);
          const input = windowInput(request({ values, at, look, plannedLooks, lags, direction: 'down' }));
          return input === undefined || input.every(Number.isFinite);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('never sees what lies after the look', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), odd, (look, garbage) => {
        const values = noisy(600);
        const blanked = values.slice().fill(NaN, 500 + look);
        const filled = values.slice().fill(garbage, 500 + look);
        const cut = values.slice(0, 500 + look);
        const seen = windowInput(request({ look, values }));
        for (const other of [blanked, filled, cut])
          expect(windowInput(request({ look, values: other }))).toEqual(seen);
      }),
      { numRuns: 40 },
    );
  });

  it('blanks steps that have not happened and declared warm-up', () => {
    const input = windowInput(request({ look: 20, warmupLooks: 5 }));
    const mask = Array.from(linePlaces('after-mask'), (place) => input?.[place]);
    expect(mask).toEqual(Array.from({ length: 60 }, (_, step) => (step >= 5 && step < 20 ? 1 : 0)));
  });

  it('does not mind shift and scale, and mirrors with the direction', () => {
    const close = (a: Float32Array | undefined, b: Float32Array | undefined, except: number): void => {
      a?.forEach((value, place) => {
        if (place !== except) expect(value).toBeCloseTo(b?.[place] ?? NaN, 4);
      });
    };
    const values = noisy(600);
    const relativeShift = INPUT_SIZE - 2;
    const moved = values.map((value) => 4 * value + 1000);
    close(windowInput(request({ values: moved })), windowInput(request({ values })), relativeShift);
    const mirrored = values.map((value) => -value);
    close(
      windowInput(request({ values: mirrored, direction: 'down' })),
      windowInput(request({ values })),
      -1,
    );
  });

  it('takes a control group for one more day', () => {
    const values = noisy(600);
    const control = noisy(600, 2).fill(NaN, 0, 400);
    const withControl = windowInput(request({ values, control, lags: [] }));
    const without = windowInput(request({ values, lags: [] }));
    const masks = (input?: Float32Array): number =>
      linePlaces('after-reference-mask').reduce((sum, place) => sum + (input?.[place] ?? 0), 0);
    expect([masks(without), masks(withControl)]).toEqual([0, 30]);
  });

  it('averages long watches into whole steps', () => {
    expect([1, 60, 61, 120, 180, 181].map(stepWidth)).toEqual([1, 1, 2, 2, 3, 4]);
    const values = new Float64Array(2000).map((_, index) => (index % 2 === 0 ? 1 : 3));
    const input = windowInput(request({ values, at: 1000, look: 120, plannedLooks: 120, lags: [] }));
    expect(linePlaces('after').every((place) => input?.[place] === 0)).toBe(true);
  });

  it('says nothing when nothing is known, and refuses nonsense', () => {
    expect(windowInput(request({ look: 0 }))).toBeUndefined();
    expect(windowInput(request({ at: 5, lags: [] }))).toBeUndefined();
    expect(windowInput(request({ values: noisy(600).fill(NaN, 500) }))).toBeUndefined();
    expect(() => windowInput(request({ look: -1 }))).toThrow('look must be at least 0');
    expect(() => windowInput(request({ lags: [0] }))).toThrow('lags must be greater than 0');
  });

  it('writes into its place of a batch alone', () => {
    const batch = new Float32Array(3 * INPUT_SIZE);
    expect(writeWindowInput(request(), batch, 1)).toBe(true);
    expect(batch.subarray(INPUT_SIZE, 2 * INPUT_SIZE)).toEqual(windowInput(request()));
    expect(batch.subarray(0, INPUT_SIZE).every((value) => value === 0)).toBe(true);
    expect(batch.subarray(2 * INPUT_SIZE).every((value) => value === 0)).toBe(true);
  });
});
