import type { z } from 'zod';
import type { resetTuning, serviceCalibration, tuningReset } from '../api/calibration.js';
import type { changeLearnedScorer, learnedTuning } from '../api/learned-scorer.js';
import type { ApiClient, ApiRequest } from './api-client.js';
import type { Sent } from './deployments-api.js';

type WireCalibration = z.output<typeof serviceCalibration>;
export type WireEnvironment = WireCalibration['items'][number];

/** How well verdicts on one service hold, and what was learned of it. */
export function calibrationApi(client: ApiClient, service: string) {
  const path = (action: string): string => `/api/v1/services/${encodeURIComponent(service)}/${action}`;
  return {
    show: (query: NonNullable<ApiRequest['query']>) =>
      client.call<WireCalibration>({ method: 'GET', path: path('calibration'), query }),
    reset: (body: Sent<z.input<typeof resetTuning>>) =>
      client.call<z.output<typeof tuningReset>>({ method: 'POST', path: path('tuning/reset'), body }),
    changeLearned: (action: 'tune' | 'revert', body: Sent<z.input<typeof changeLearnedScorer>>) =>
      client.call<z.output<typeof learnedTuning>>({
        method: 'POST',
        path: path(`learned-scorer/${action}`),
        body,
      }),
  };
}
