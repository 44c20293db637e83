import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Forecast } from '../forecast/forecast.js';
import { describeAhead, describeFlip } from './describe-flip.js';
import { describeForecast } from './describe-forecast.js';
import type { Movement } from './movement-text.js';
import { plainSentence, type SentenceFacts } from './plain-sentence.js';
import { spanText } from './span-text.js';

const slower: Movement = {
  metric: 'latency',
  unit: 's',
  effect: { relative: 0.15, relativeLow: 0.09, relativeHigh: 0.21, absolute: 0.032, level: 0.95 },
  onsetMs: 180_000,
  baseline: 'level',
};

const facts: SentenceFacts = {
  verdict: 'rollback',
  rule: 'calibrated-evidence',
  p: 0.004,
  alpha: 0.05,
  judgedMs: 600_000,
  intervalMs: 60_000,
  judged: 4,
  movement: slower,
  missing: [],
  reason: 'the reason',
};

const leak: Forecast = {
  metric: 'memory',
  unit: 'B',
  limit: { kind: 'ceiling', value: 4 * 2 ** 30, side: 'above' },
  inLooks: 34,
  earliestInLooks: 26,
  latestInLooks: 51,
  level: 0.9,
  slope: 3e7,
  now: 3e9,
};

const { movement: _movement, ...calm } = facts;
const verdicts = ['rollback', 'continue', 'pending', 'inconclusive', 'superseded', 'cancelled', 'newer'];
const rules = [
  'guard-rail',
  'calibrated-evidence',
  'bounded-harm',
  'watch-ended-without-evidence',
  'not-enough-data',
  'watching',
  'override',
  'canary-silent',
  'check-failed',
  'awaiting-checks',
  'held',
];

describe('plainSentence', () => {
  it('says metric, size, direction, comparison, onset and rarity of harm', () => {
    expect(plainSentence(facts).text).toBe(
      'latency rose by 32 ms (15 %) against just before, from 3 min after the release on; chance alone does this about once in 250 quiet releases.',
    );
  });

  it('carries a code and the numbers for another language', () => {
    expect(plainSentence(facts)).toMatchObject({
      code: 'harmed',
      parameters: { metric: 'latency', absolute: 0.032, relative: 0.15, onsetMs: 180_000, onceIn: 250 },
    });
  });

  it.each([
    [
      { forecast: leak },
      'Memory will reach its ceiling of 4 GiB in about 34 min (26 min to 51 min) if nothing is done; chance alone does this about once in 250 quiet releases.',
    ],
    [
      { rule: 'guard-rail', beyondLimit: 'latency' },
      'latency passed the limit that you set; it rose by 32 ms (15 %) against just before, from 3 min after the release on.',
    ],
    [
      { verdict: 'pending', rule: 'watching', p: 0.12 },
      'latency rose by 32 ms (15 %) against just before, from 3 min after the release on; chance alone does this about once in 8 quiet releases, too often to be sure yet.',
    ],
    [
      { verdict: 'continue', rule: 'watch-ended-without-evidence' },
      'latency rose by 32 ms (15 %) against just before, from 3 min after the release on; by your own measure that is too little to matter.',
    ],
    [
      { verdict: 'continue', rule: 'override', reason: 'a load test' },
      'A person let this release go on: a load test.',
    ],
  ])('says %o', (over, text) => {
    expect(plainSentence({ ...facts, ...over }).text).toBe(text);
  });

  it.each([
    [
      { verdict: 'pending', rule: 'watching' },
      '10 min after the release, nothing is worse than usual (4 metrics watched).',
    ],
    [
      { verdict: 'continue', rule: 'watch-ended-without-evidence', judged: 1 },
      'In the 10 min since the release, nothing got worse than usual (1 metric watched); small harm can still hide.',
    ],
    [
      { verdict: 'inconclusive', rule: 'not-enough-data', missing: ['errors', 'orders'] },
      'errors and 1 more sent too little to tell whether this release harms; nobody knows that it is safe.',
    ],
  ])('says without a movement %o', (over, text) => {
    expect(plainSentence({ ...calm, ...over }).text).toBe(text);
  });

  it('is one sentence of about 30 words without a term of statistics, whatever was found', () => {
    fc.assert(
      fc.property(
        fc.record({
          verdict: fc.constantFrom(...verdicts),
          rule: fc.constantFrom(...rules),
          p: fc.double({ min: 0, max: 1, noNaN: true }),
          judgedMs: fc.nat({ max: 1e9 }),
          judged: fc.nat({ max: 200 }),
          missing: fc.array(fc.constantFrom('errors', 'orders'), { maxLength: 4 }),
        }),
        fc.constantFrom(undefined, slower),
        fc.constantFrom(undefined, leak),
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        (drawn, movement, forecast, absolute) => {
          const { text, code } = plainSentence({
            ...calm,
            ...drawn,
            ...(movement && { movement: { ...movement, effect: { ...movement.effect, absolute } } }),
            ...(forecast && { forecast }),
          });
          expect(code).toMatch(/^[a-z-]+$/);
          expect(text).toMatch(/[.!?…]$/);
          expect(text).not.toMatch(/NaN|undefined|Infinity|p-value|α|placebo|baseline|score|interval/);
          expect(text.split(' ').length).toBeLessThanOrEqual(36);
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });
});

describe('what is said beside it', () => {
  it('says what would flip the verdict', () => {
    const stays = describeFlip(
      {
        ...{ kind: 'stays-at', metric: 'latency', unit: 's', verdict: 'rollback', side: 'above' },
        ...{ level: 0.245, expected: 0.213, looks: 3 },
      },
      60_000,
    );
    expect(stays.text).toBe(
      'Should latency stay at 245 ms or more (32 ms above what is expected) for 3 min, the verdict is rollback.',
    );
    expect(stays.parameters).toMatchObject({ lastingMs: 180_000, level: 0.245 });
    expect(
      describeFlip({ kind: 'without-metric', metric: 'latency', verdict: 'pending', p: 0.2134 }, 60_000).text,
    ).toBe('Had latency shown nothing unusual, p would be 0.21 and the verdict pending.');
    expect(
      describeFlip({ kind: 'not-required', metrics: ['a', 'b'], verdict: 'continue' }, 60_000).text,
    ).toBe('Did the policy not require a, b, the verdict would be continue.');
  });

  it('says how long until a decision', () => {
    expect(describeAhead({ atMostLooks: 20 }, 60_000).text).toBe('The watch ends in 20 min at the latest.');
    expect(
      describeAhead({ atMostLooks: 20, rollback: { metric: 'latency', inLooks: 5 } }, 60_000),
    ).toMatchObject({ code: 'rollback-ahead', parameters: { inMs: 300_000 } });
    expect(describeAhead({ atMostLooks: 20, continueInLooks: 5 }, 60_000).code).toBe('continue-ahead');
  });

  it('says when a limit is reached, also without a latest time', () => {
    expect(describeForecast(leak, 60_000).text).toBe(
      'If it goes on like this, memory will reach its ceiling of 4 GiB in about 34 min (26 min to 51 min).',
    );
    const { latestInLooks: _latest, ...open } = leak;
    expect(describeForecast(open, 60_000).text).toContain('(26 min or later)');
  });

  it.each([
    [0, '0 s'],
    [90_000, '90 s'],
    [180_000, '3 min'],
    [7_200_000, '2 h'],
    [9_000_000, '2.5 h'],
    [260_000_000, '3 days'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(spanText(ms)).toBe(text);
  });
});
