import { describe, expect, it } from 'vitest';
import {
  formatDifference,
  formatP,
  formatPair,
  formatRelativeSize,
  formatShare,
  formatSize,
  formatValue,
  unitScale,
} from './units.js';

/** No-break spaces read as plain ones. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('values with their unit', () => {
  it('are those of every other place, on one line', () => {
    expect(formatValue(721_000, 'By')).toBe('704\u00a0KiB');
    expect(formatPair(0.001, 0.01, 'ratio')).toEqual(['0.1\u00a0%', '1.0\u00a0%']);
    expect([formatDifference(0.009, 'ratio'), formatSize(-0.032, 's')]).toEqual([
      '+0.9\u00a0points',
      '32\u00a0ms',
    ]);
    expect(unitScale('rps', 2_500_000).symbol).toBe('M\u00a0req/s');
  });
});

describe('numbers', () => {
  it('says probabilities without claiming certainty', () => {
    expect([0.987, 0.5, 1, 0, 0.99995, 0.00002, 0.8].map(formatShare).map(plain)).toEqual([
      '98.7 %',
      '50 %',
      '100 %',
      '0 %',
      '> 99.9 %',
      '< 0.1 %',
      '80 %',
    ]);
    expect([0.00412, 0.05, 1, 0.00001, 0.0001].map(formatP).map(plain)).toEqual([
      '0.0041',
      '0.05',
      '1',
      '< 0.0001',
      '0.0001',
    ]);
  });

  it('says sizes and differences', () => {
    expect([0.154, -0.02, 9, 12.1, 0].map(formatRelativeSize).map(plain)).toEqual([
      '15 %',
      '2.0 %',
      '900 %',
      '1,210 %',
      '0 %',
    ]);
    expect([formatDifference(0.009, 'ratio'), formatDifference(-0.032, 's')].map(plain)).toEqual([
      '+0.9 points',
      '−32 ms',
    ]);
  });
});
