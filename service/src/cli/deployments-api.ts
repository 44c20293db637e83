import type { z } from 'zod';
import type {
  deployment,
  deploymentDetail,
  deploymentPage,
  feedback,
  rollbackRequested,
  step,
} from '../api/deployment.js';
import type { beginStep, giveFeedback, requestRollback, startDeployment } from '../api/deployment-request.js';
import type { WireProgress } from '../api/progress.js';
import type { WireVerdict } from '../api/verdict.js';
import type { ApiClient, ApiRequest } from './api-client.js';

export type WireDeployment = z.input<typeof deployment>;
export type WireDeploymentDetail = z.input<typeof deploymentDetail>;
export type WirePage = z.input<typeof deploymentPage>;
export type WireStep = z.input<typeof step>;
export type WireRollback = z.input<typeof rollbackRequested>;
export type WireFeedback = z.input<typeof feedback>;
/** What may be left out may also be undefined here: JSON carries neither. */
export type Sent<Body> = { readonly [Key in keyof Body]: Body[Key] | undefined };
export type StartBody = Sent<z.input<typeof startDeployment>>;

/** What every call may say beside its content. */
export type CallOptions = Pick<ApiRequest, 'idempotencyKey' | 'retries' | 'signal' | 'timeoutMs'>;

/** The deployments of a service, one method an operation. */
export function deploymentsApi(client: ApiClient) {
  const post = <Answer>(path: string, body: unknown, options: CallOptions = {}): Promise<Answer> =>
    client.call<Answer>({ method: 'POST', path: `/api/v1/deployments${path}`, body, ...options });
  const get = <Answer>(
    path: string,
    query: NonNullable<ApiRequest['query']> = {},
    options: CallOptions = {},
  ): Promise<Answer> =>
    client.call<Answer>({ method: 'GET', path: `/api/v1/deployments${path}`, query, ...options });
  return {
    start: (body: StartBody, options: CallOptions = {}) => post<WireDeployment>('', body, options),
    list: (query: NonNullable<ApiRequest['query']>) => get<WirePage>('', query),
    show: (id: string, options?: CallOptions) => get<WireDeploymentDetail>(at(id), {}, options),
    step: (id: string, body: Sent<z.input<typeof beginStep>>) => post<WireStep>(at(id, 'steps'), body),
    finish: (id: string) => post<WireDeployment>(at(id, 'finish'), {}),
    cancel: (id: string, reason: string | undefined) => post<WireDeployment>(at(id, 'cancel'), { reason }),
    rollback: (id: string, body: Sent<z.input<typeof requestRollback>>) =>
      post<WireRollback>(at(id, 'rollback'), body),
    override: (id: string, reason: string) => post<WireVerdict>(at(id, 'continue'), { reason }),
    feedback: (id: string, body: Sent<z.input<typeof giveFeedback>>) =>
      post<WireFeedback>(at(id, 'feedback'), body),
    progress: (id: string, options?: CallOptions) => get<WireProgress>(at(id, 'progress'), {}, options),
    verdict: (id: string, query: NonNullable<ApiRequest['query']>, options?: CallOptions) =>
      get<WireVerdict>(at(id, 'verdict'), query, options),
  };
}

export type DeploymentsApi = ReturnType<typeof deploymentsApi>;

function at(id: string, action?: string): string {
  return `/${encodeURIComponent(id)}${action === undefined ? '' : `/${action}`}`;
}
