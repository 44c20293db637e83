import { describe, expect, it } from 'vitest';
import { effectSentence, movement } from './effect-words.js';
import { sampleFinding } from './sample-report.js';

const plain = (text: string | undefined): string => (text ?? '').replaceAll('\u00a0', ' ');
const effect = { relative: 0.15, relativeLow: 0.09, relativeHigh: 0.21, absolute: 0.032, level: 0.95 };

describe('movement', () => {
  it('names both levels', () => {
    expect(plain(movement(sampleFinding()))).toBe('errors rose from 0.1 % to 1.0 %');
    expect(
      plain(
        movement(
          sampleFinding({
            name: 'requests',
            unit: 'req/s',
            effect: { ...effect, relative: -0.5, absolute: -600 },
          }),
        ),
      ),
    ).toBe('requests fell from 1,200 req/s to 600 req/s');
  });

  it('begins at zero when the ratio is unbounded, also as stored JSON writes it', () => {
    const stored = JSON.parse(
      JSON.stringify({ ...effect, relative: Infinity, absolute: 0.01 }),
    ) as typeof effect;
    expect(
      plain(movement(sampleFinding({ effect: { ...effect, relative: Infinity, absolute: 0.01 } }))),
    ).toBe('errors rose from 0 % to 1 %');
    expect(plain(movement(sampleFinding({ effect: stored })))).toBe('errors rose from 0 % to 1 %');
  });

  it('is silent where nothing moved', () => {
    expect(movement(sampleFinding({ effect: { ...effect, relative: 0, absolute: 0 } }))).toBeUndefined();
    expect(movement(sampleFinding({ effect: { ...effect, absolute: Number.NaN } }))).toBeUndefined();
  });
});

describe('effectSentence', () => {
  it.each([
    [
      effect,
      '15 % higher: 213 ms → 245 ms (+32 ms). With 95 % coverage over all looks: between 9.0 % and 21 % higher.',
    ],
    [
      { ...effect, relative: -0.15, relativeLow: -0.21, relativeHigh: -0.09, absolute: -0.032 },
      '15 % lower: 213 ms → 181 ms (−32 ms). With 95 % coverage over all looks: between 9.0 % and 21 % lower.',
    ],
    [
      { ...effect, relativeLow: -0.03 },
      '15 % higher: 213 ms → 245 ms (+32 ms). With 95 % coverage over all looks: between 3.0 % lower and 21 % higher.',
    ],
    [
      { ...effect, relativeHigh: Infinity },
      '15 % higher: 213 ms → 245 ms (+32 ms). With 95 % coverage over all looks: at least 9.0 % higher.',
    ],
    [
      { ...effect, relative: Infinity, relativeLow: -Infinity, relativeHigh: Infinity, absolute: 0.02 },
      'Up from zero: 0 ms → 20 ms (+20 ms). No interval can be given yet.',
    ],
    [
      { ...effect, relative: 0, absolute: 0, relativeLow: -0.02, relativeHigh: 0.02 },
      'No change to be seen. With 95 % coverage over all looks: between 2.0 % lower and 2.0 % higher.',
    ],
  ])('%#', (given, text) => {
    expect(plain(effectSentence(given, 's'))).toBe(text);
  });
});
