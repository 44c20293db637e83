import type { WireVerdict } from '../../api/verdict.js';

/** What a verdict or a look says of itself in words. */
export type Reading = Pick<WireVerdict, 'sentence' | 'explanation' | 'forecast'>;

/** What would change it, which limits are ahead, and how long a decision takes. */
export function aheadTexts({ explanation, forecast = [] }: Reading): readonly string[] {
  return [
    ...forecast.map(({ text }) => text),
    ...(explanation?.flips ?? []).map(({ text }) => text),
    ...(explanation?.ahead === undefined ? [] : [explanation.ahead.text]),
  ];
}

/** The sentence first, then what lies ahead. */
export function readingLines(reading: Reading): readonly string[] {
  return [...(reading.sentence === undefined ? [] : [reading.sentence.text]), ...aheadTexts(reading)];
}
