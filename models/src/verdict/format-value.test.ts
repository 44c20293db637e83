import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDifference,
  formatFixed,
  formatNumber,
  formatPair,
  formatSize,
  formatValue,
  unitScale,
} from './format-value.js';

describe('formatValue', () => {
  it.each([
    [0.0102, 'ratio', '1.02 %'],
    [12.5, 'percent', '12.5 %'],
    [0.2134, 's', '213 ms'],
    [213.4, 'ms', '213 ms'],
    [2300, 'ms', '2.3 s'],
    [0.00042, 'seconds', '420 µs'],
    [5400, 's', '90 min'],
    [0, 'ms', '0 ms'],
    [300 * 2 ** 20, 'bytes', '300 MiB'],
    [1536, 'B/s', '1.5 KiB/s'],
    [100, 'bps', '100 bps'],
    [1234, 'req/s', '1,234 req/s'],
    [2_500_000, 'rps', '2.5 M req/s'],
    [7, 'count', '7'],
    [-42.25, 'EUR', '−42.3 EUR'],
    [721_000, 'By', '704 KiB'],
    [Number.NaN, 's', 'unknown'],
    [-Infinity, 'By', 'unknown'],
  ])('%d in %s is %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});

describe('formatPair', () => {
  it.each([
    [0.001, 0.01, 'ratio', ['0.1 %', '1.0 %']],
    [0.213, 0.245, 's', ['213 ms', '245 ms']],
    [0.001, 0.00105, 'ratio', ['0.100 %', '0.105 %']],
    [0, 0.02, 'ratio', ['0 %', '2 %']],
    [900, 1100, 'ms', ['0.9 s', '1.1 s']],
    [5, 5, 'count', ['5', '5']],
  ])('%d and %d in %s', (from, to, unit, texts) => {
    expect(formatPair(from, to, unit)).toEqual(texts);
  });

  it('never shows two different values as the same text', () => {
    const level = fc.double({ min: 1e-4, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        level,
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        fc.constantFrom('s', 'ratio', 'bytes', 'req/s', ''),
        (from, relative, unit) => {
          const [a, b] = formatPair(from, from * (1 + relative), unit);
          expect(a).not.toBe(b);
        },
      ),
    );
  });
});

describe('numbers', () => {
  it('groups thousands, keeps three digits, drops trailing zeros and writes a true minus', () => {
    expect([formatFixed(-1234567.5, 1), formatFixed(-0.001, 1), formatFixed(Infinity, 0)]).toEqual([
      '−1,234,567.5',
      '0.0',
      'unknown',
    ]);
    expect([1234.56, 0.000012345, 10, 0.5, 0].map(formatNumber)).toEqual([
      '1,235',
      '0.0000123',
      '10',
      '0.5',
      '0',
    ]);
  });

  it('keeps the value within half of the last digit shown', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
        expect(Math.abs(Number(formatNumber(value).replaceAll(',', '')) / value - 1)).toBeLessThan(0.0051);
      }),
    );
  });

  it('says differences and their sizes, shares in points', () => {
    expect([formatDifference(0.009, 'ratio'), formatDifference(-0.032, 's')]).toEqual([
      '+0.9 points',
      '−32 ms',
    ]);
    expect([formatSize(0.001, 'ratio'), formatSize(-0.032, 's'), formatSize(0, '')]).toEqual([
      '0.1 points',
      '32 ms',
      '0',
    ]);
  });

  it('scales by the magnitude alone', () => {
    expect(unitScale('s', 0.25)).toEqual({ factor: 1000, symbol: 'ms' });
    expect(unitScale('constructor', 1).symbol).toBe('constructor');
  });
});
