import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedRootDeviance } from '../statistical/signed-root-deviance.js';
import { meanRatios, ratioTrace, wholeDeviation, type RatioWindow } from './ratio-trace.js';
import { harmfulPart, scanStart } from './scans.js';

fc.configureGlobal({ seed: 20240917 });

const LOOKS = 8;

const intervals = (value: fc.Arbitrary<number>): fc.Arbitrary<Float64Array> =>
  fc
    .array(fc.oneof({ weight: 6, arbitrary: value }, fc.constant(NaN)), {
      minLength: LOOKS,
      maxLength: LOOKS,
    })
    .map((values) => Float64Array.from(values));

const windows: fc.Arbitrary<RatioWindow> = fc.record({
  events: intervals(fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constant(0))),
  totals: intervals(fc.integer({ min: 0, max: 1000 })),
  expectedRatios: fc.array(
    intervals(fc.oneof(fc.double({ min: 1e-9, max: 0.2, noNaN: true }), fc.constant(0))),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
  baselineTotal: fc.integer({ min: 0, max: 100_000 }),
});

const directions = fc.constantFrom('up' as const, 'down' as const, 'both' as const);

function has(value: number | undefined): value is number {
  return value !== undefined && !Number.isNaN(value);
}

/** The definition: pooled counts of the stretch against what each baseline expects of the intervals on which it speaks. */
function deviances(window: RatioWindow, from: number, to: number): readonly number[] {
  const { events, totals, expectedRatios, baselineTotal } = window;
  return expectedRatios.map((ratios) => {
    let [seen, total, expected, covered] = [0, 0, 0, 0];
    for (let index = from; index < to; index++) {
      const [event, exposure, ratio] = [events[index], totals[index], ratios[index]];
      if (!has(event) || !has(exposure)) continue;
      if (exposure > 0) {
        seen += event;
        total += exposure;
      }
      if (!has(ratio)) continue;
      expected += exposure * ratio;
      covered += exposure;
    }
    if (!(covered > 0 && total > 0)) return 0;
    return signedRootDeviance({ events: seen, total, baselineRatio: expected / covered, baselineTotal });
  });
}

function beyondAll(values: readonly number[]): number {
  if (values.every((value) => value > 0)) return Math.min(...values);
  return values.every((value) => value < 0) ? Math.max(...values) : 0;
}

describe('ratioTrace', () => {
  it('gives the harm beyond all baselines', () => {
    fc.assert(
      fc.property(windows, directions, (window, direction) => {
        const trace = ratioTrace(window);
        for (let from = 0; from < LOOKS; from++) {
          const exact = harmfulPart(direction, beyondAll(deviances(window, from, LOOKS)));
          // Sums from a start and differences of sums round differently.
          expect(harmfulPart(direction, trace.outside(from, LOOKS))).toBeCloseTo(exact, 4);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('bounds the square of every stretch, and what does not fit by 0', () => {
    const stretches = fc.record({
      window: fc.oneof(fc.integer({ min: 1, max: LOOKS }), fc.constant(Infinity)),
      warmup: fc.integer({ min: 0, max: LOOKS }),
    });
    fc.assert(
      fc.property(windows, directions, stretches, (window, direction, asked) => {
        const trace = ratioTrace(window);
        const [outside, around] = [new Float64Array(LOOKS).fill(7), new Float64Array(LOOKS).fill(7)];
        trace.boundOutside?.(asked, direction, outside);
        trace.boundAround?.(asked, around);
        for (let interval = 0; interval < LOOKS; interval++) {
          const end = interval + 1;
          const start = scanStart({ scorer: 'counts', window: asked.window }, interval, asked.warmup);
          if (start === undefined) {
            expect([outside[interval], around[interval]]).toEqual([0, 0]);
            continue;
          }
          const isSeen = trace.count(start, end) * 2 >= end - start;
          const harm = isSeen ? harmfulPart(direction, trace.outside(start, end)) : 0;
          expect(outside[interval]).toBeGreaterThanOrEqual(harm ** 2);
          expect(around[interval]).toBeGreaterThanOrEqual(trace.around(start, end) ** 2);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says the same of a whole window with and without its parts', () => {
    fc.assert(
      fc.property(windows, (window) => {
        const [ratios] = window.expectedRatios;
        if (ratios === undefined) return;
        const trace = ratioTrace({ ...window, expectedRatios: [ratios] });
        const isEnough = trace.count(0, LOOKS) * 2 > LOOKS;
        expect(wholeDeviation(window, ratios)).toBe(isEnough ? trace.around(0, LOOKS) : NaN);
      }),
    );
  });
});

describe('meanRatios', () => {
  it('leaves the silent out', () => {
    const lines = [Float64Array.of(0.1, NaN, NaN), Float64Array.of(0.3, 0.2, NaN)];
    expect([...meanRatios(lines, 3)]).toEqual([0.2, 0.2, NaN]);
  });
});
