import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain } from './plain-text.js';
import { cut, fit, textWidth, wrap } from './text-width.js';

fc.configureGlobal({ seed: 13 });
const words = fc.string({ unit: 'grapheme', maxLength: 80 }).map(plain);

describe('text in a terminal', () => {
  it.each([
    ['abc', 3],
    ['größe', 5],
    ['e\u0301', 1],
    ['東京', 4],
    ['🚀x', 3],
    ['👩‍🚀', 2],
    ['\u200b', 0],
    ['', 0],
  ])('%s takes %i columns', (text, width) => expect(textWidth(text)).toBe(width));

  it('is cut and filled to the width asked for', () => {
    expect([cut('deployment', 6), fit('ab', 4), fit('ab', 4, 'right'), cut('東京都', 4)]).toEqual([
      'deplo…',
      'ab  ',
      '  ab',
      '東…',
    ]);
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (text, columns) => {
        expect(textWidth(fit(text, columns))).toBe(columns);
        for (const line of wrap(text, columns)) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });

  it('holds nothing that could steer the terminal', () => {
    expect(plain('a\u001b[31mb\u0007c\nd\u202ee')).toBe('a\ufffd[31mb\ufffdc d\ufffde');
  });
});
