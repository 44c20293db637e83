import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookBar, pGauge } from './look-bar.js';

fc.configureGlobal({ seed: 12 });
const look = (number: number, harmProbability: number) => ({
  look: number,
  at: '',
  p: 1,
  harmProbability,
  coverage: 1,
});
const glyphs = (...of: Parameters<typeof lookBar>): string =>
  lookBar(...of)
    .map(({ glyph }) => glyph)
    .join('');

describe('lookBar', () => {
  it('gives each look the same room, and the looks to come theirs', () => {
    const watch = { plannedLooks: 4, lastLook: 2 };
    expect(glyphs([look(1, 0), look(2, 1)], watch, 9)).toBe('▁▁██░░░░');
  });

  it('shows the worst of the looks that share a column, and looks that went unseen', () => {
    const watch = { plannedLooks: 8, lastLook: 6 };
    expect(glyphs([look(1, 0.1), look(2, 0.95), look(5, 0)], watch, 4)).toBe('█·▁░');
  });

  it('is never wider than asked for, and full when every look was taken', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 150 }), (planned, columns) => {
        const all = Array.from({ length: planned }, (_, i) => look(i + 1, 0.5));
        const bar = glyphs(all, { plannedLooks: planned, lastLook: planned }, columns);
        expect(bar.length).toBeGreaterThan(0);
        expect(bar.length).toBeLessThanOrEqual(columns);
        expect(bar).toMatch(/^▅+$/);
      }),
    );
  });
});

describe('pGauge', () => {
  it.each([
    [1, '●────┃───'],
    [0.05, '─────●───'],
    [0.00001, '─────┃──●'],
  ])('places p = %s on a logarithmic line with α at its mark', (p, expected) =>
    expect(pGauge(p, 0.05, 9)).toBe(expected),
  );
});
