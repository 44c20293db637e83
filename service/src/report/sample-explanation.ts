import type { Explanation, Forecast } from '@bellwether/models';

/** Errors spoke by their counts; without them nothing would be left. */
export const rollbackExplanation: Explanation = {
  metrics: [
    {
      metric: 'errors',
      contribution: 0.83,
      soloP: 0.0041,
      scorers: [{ scorer: 'counts', score: 3.4, windowLooks: 3, atLook: 6 }],
    },
    {
      metric: 'resident memory',
      contribution: 0.09,
      soloP: 0.14,
      scorers: [
        { scorer: 'level-shift', score: 0.92, atLook: 6 },
        { scorer: 'tail', score: 0.31, windowLooks: 5, atLook: 5 },
      ],
    },
    { metric: 'requests', contribution: 0.02, soloP: 0.7, scorers: [] },
  ],
  flips: [{ kind: 'without-metric', metric: 'errors', verdict: 'pending', p: 0.21 }],
};

/** Nothing decided yet: what would, and by when. */
export const pendingExplanation: Explanation = {
  metrics: [],
  flips: [
    {
      kind: 'stays-at',
      metric: 'errors',
      unit: 'ratio',
      verdict: 'rollback',
      level: 0.0042,
      expected: 0.001,
      side: 'above',
      looks: 3,
    },
  ],
  ahead: { atMostLooks: 48, continueInLooks: 18 },
};

/** Memory runs towards the end of its container. */
export const memoryForecast: Forecast = {
  metric: 'resident memory',
  unit: 'bytes',
  limit: { kind: 'ceiling', value: 512 * 2 ** 20, side: 'above' },
  inLooks: 34,
  earliestInLooks: 26,
  latestInLooks: 51,
  level: 0.9,
  slope: 4.6e6,
  now: 3.8e8,
};
