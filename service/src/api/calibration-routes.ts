import { resetTuning, serviceCalibration, tuningReset } from './calibration.js';
import { health } from './health.js';
import { changeLearnedScorer, learnedTuning } from './learned-scorer.js';
import { calibrationQuery, healthQuery } from './query.js';
import type { Route } from './route.js';

const service = '/api/v1/services/{service}';

/** How well verdicts on a service hold, and what was learned of it. */
export const calibrationRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: '/api/v1/health', id: 'getHealth', tag: 'services', role: 'viewer' },
    summary: 'How deployments went over time',
    description:
      'Verdicts, change failure rate, time to the verdict and the realised error rate, by service, environment and period. Periods are counted from `from`.',
    ...{
      query: healthQuery,
      success: 200,
      response: health,
      describes: 'One page of services and environments that the token may see, by name.',
    },
  },
  {
    ...{
      method: 'get',
      path: `${service}/calibration`,
      id: 'getCalibration',
      tag: 'services',
      role: 'viewer',
    },
    summary: 'How well error rate and probabilities of a service hold',
    description:
      'The realised rate of false rollbacks beside α, from checks on quiet moments and from feedback; the reliability of `harmProbability`; and what feedback changed.',
    ...{
      query: calibrationQuery,
      success: 200,
      response: serviceCalibration,
      describes: 'One item for each environment that the token may see.',
    },
  },
  {
    ...{
      method: 'post',
      path: `${service}/tuning/reset`,
      id: 'resetTuning',
      tag: 'services',
      role: 'operator',
    },
    summary: 'Set back what was learned of a service',
    description:
      'Releases that began before no longer count for prior and weights of watches that begin from now on. What people said stays on record.',
    ...{
      body: resetTuning,
      bodyRequired: true,
      success: 201,
      response: tuningReset,
      describes: 'What was written down.',
      also: [409, 507],
    },
  },
  {
    ...{
      method: 'post',
      path: `${service}/learned-scorer/tune`,
      id: 'tuneLearnedScorer',
      tag: 'services',
      role: 'operator',
    },
    summary: 'Tune the learned scorer on a service’s own quiet history',
    description:
      'Takes about a minute. New watches ask the tuned model where it beats the shipped one on moments held back; else nothing is changed.',
    ...{
      body: changeLearnedScorer,
      bodyRequired: true,
      success: 200,
      response: learnedTuning,
      describes: 'What came of it.',
      also: [409, 507],
    },
  },
  {
    ...{
      method: 'post',
      path: `${service}/learned-scorer/revert`,
      id: 'revertLearnedScorer',
      tag: 'services',
      role: 'operator',
    },
    summary: 'Ask the shipped model again',
    description: 'For watches that begin from now on; those that run keep what they began with.',
    ...{
      body: changeLearnedScorer,
      bodyRequired: true,
      success: 200,
      response: learnedTuning,
      describes: 'What new watches ask.',
      also: [409, 507],
    },
  },
];
