import { resetTuning, serviceCalibration, tuningReset } from './calibration.js';
import { calibrationQuery } from './query.js';
import type { Route } from './route.js';

const service = '/api/v1/services/{service}';

/** How well verdicts on a service hold, and what was learned of it. */
export const calibrationRoutes: readonly Route[] = [
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
];
