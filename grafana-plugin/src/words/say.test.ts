import { afterEach, describe, expect, it } from 'vitest';
import { english } from './english.js';
import { german } from './german.js';
import { dataName, say } from './say.js';

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).toSorted();

describe('texts', () => {
  afterEach(() => {
    document.documentElement.lang = 'en-US';
  });

  it.each(Object.entries(english))('%s names the same things in every language', (message, text) => {
    expect(placeholders(german[message as keyof typeof english])).toEqual(placeholders(text));
  });

  it.each([
    ['de-DE', 'Weiter'],
    ['de', 'Weiter'],
    ['en-GB', 'Continue'],
    ['xx', 'Continue'],
    ['', 'Continue'],
  ])("are in the user's language, else in English: %s", (language, text) => {
    document.documentElement.lang = language;
    expect(say('verdict.continue')).toBe(text);
    expect(dataName('verdict.continue')).toBe('Continue');
  });

  it('fills in what is given and leaves the rest', () => {
    expect(say('deployment.change', { from: 'v1' })).toBe('v1 → {to}');
  });
});
