import type { z } from 'zod';
import type {
  acknowledgeDeployment,
  addNote,
  holdDeployment,
  linkIncident,
  proceedDeployment,
  reportCheck,
} from '../api/collaboration-request.js';
import type { acknowledgement, check, checkList, holdAnswer, incident, note } from '../api/collaboration.js';
import type { ApiClient, ApiRequest } from './api-client.js';
import type { Sent } from './deployments-api.js';

export type WireCheck = z.output<typeof check>;
export type WireCheckList = z.output<typeof checkList>;

/** What stands beside the metrics of one deployment. */
export function collaborationApi(client: ApiClient, deploymentId: string) {
  const path = (action: string): string =>
    `/api/v1/deployments/${encodeURIComponent(deploymentId)}/${action}`;
  const post = <Answer>(
    action: string,
    content: Pick<ApiRequest, 'body' | 'xml' | 'query'>,
  ): Promise<Answer> => client.call<Answer>({ method: 'POST', path: path(action), ...content });
  return {
    checks: () => client.call<WireCheckList>({ method: 'GET', path: path('checks') }),
    reportCheck: (body: Sent<z.input<typeof reportCheck>>) => post<WireCheck>('checks', { body }),
    reportJunit: (xml: string, query: NonNullable<ApiRequest['query']>) =>
      post<WireCheck>('checks', { xml, query }),
    hold: (body: Sent<z.input<typeof holdDeployment>>) => post<z.output<typeof holdAnswer>>('hold', { body }),
    proceed: (body: Sent<z.input<typeof proceedDeployment>>) =>
      post<z.output<typeof holdAnswer>>('proceed', { body }),
    acknowledge: (body: Sent<z.input<typeof acknowledgeDeployment>>) =>
      post<z.output<typeof acknowledgement>>('acknowledge', { body }),
    note: (body: Sent<z.input<typeof addNote>>) => post<z.output<typeof note>>('notes', { body }),
    incident: (body: Sent<z.input<typeof linkIncident>>) =>
      post<z.output<typeof incident>>('incidents', { body }),
  };
}
