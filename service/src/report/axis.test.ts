import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { niceTicks, timeTicks } from './axis.js';

describe('niceTicks', () => {
  it('picks round values inside the range', () => {
    expect(niceTicks(0, 1, 4)).toEqual([0, 0.5, 1]);
    expect(niceTicks(187, 263, 4)).toEqual([200, 220, 240, 260]);
    expect(niceTicks(-3, 3, 3)).toEqual([-2, 0, 2]);
    expect(niceTicks(5, 5, 4)).toEqual([5]);
  });

  it('stays inside, ascends and is never crowded', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
        (low, span) => {
          const ticks = niceTicks(low, low + span, 4);
          const slack = span * 1e-6 + Math.abs(low) * 1e-9;
          expect(ticks.length).toBeLessThanOrEqual(6);
          expect(
            ticks.every(
              (tick, index) =>
                tick >= low - slack &&
                tick <= low + span + slack &&
                (index === 0 || tick >= (ticks[index - 1] ?? 0)),
            ),
          ).toBe(true);
        },
      ),
    );
  });
});

describe('timeTicks', () => {
  const at = Date.UTC(2026, 10, 23, 3, 2);

  it('stands on round times with a label of their grain', () => {
    const labels = (spanMs: number): readonly string[] =>
      timeTicks(at, at + spanMs, 7).map((tick) => tick.label);
    expect(labels(60 * 60_000)).toEqual(['03:10', '03:20', '03:30', '03:40', '03:50', '04:00']);
    expect(labels(20_000)).toEqual(['03:02:00', '03:02:05', '03:02:10', '03:02:15', '03:02:20']);
    expect(labels(3 * 86_400_000)).toEqual(['12:00', '00:00', '12:00', '00:00', '12:00', '00:00']);
    expect(labels(60 * 86_400_000)).toEqual(['12-03', '12-17', '12-31', '01-14']);
    expect(labels(0)).toEqual([]);
  });

  it('never crowds, whatever the span', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4e11 }), (spanMs) => {
        expect(timeTicks(at, at + spanMs, 7).length).toBeLessThanOrEqual(8);
      }),
    );
  });
});
