import { getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import { ServiceError, troubleOf } from './service-trouble.js';
import type {
  DeploymentDetail,
  DeploymentHealth,
  DeploymentPage,
  DeploymentReport,
  ListedDeployment,
  Rollback,
  ServiceCalibration,
  WireVerdict,
} from './wire.js';

/** Which deployments are asked for; an absent field leaves it open. */
export interface DeploymentQuery {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly verdict?: string | undefined;
  readonly label?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

/** Deployments found, newest first; `truncated` where there are more than are ever fetched. */
export interface FoundDeployments {
  readonly items: readonly ListedDeployment[];
  readonly truncated: boolean;
}

/** The service as it is read through one of Grafana's proxies. */
export interface ServiceReader {
  deployments(query: DeploymentQuery): Promise<FoundDeployments>;
  deployment(id: string): Promise<DeploymentDetail>;
  report(id: string): Promise<DeploymentReport>;
  calibration(service: string): Promise<ServiceCalibration>;
  /** Undefined where the service is older than this question. */
  health(fromMs: number): Promise<DeploymentHealth['items'] | undefined>;
  ready(): Promise<unknown>;
}

/** What people do about a deployment. `key` makes a repeated request one. */
export interface ServiceActions {
  rollback(id: string, order: { reason?: string; dryRun: boolean }, key?: string): Promise<Rollback>;
  goOn(id: string, reason: string, key: string): Promise<WireVerdict>;
  feedback(id: string, said: { judgement: string; comment?: string }, key: string): Promise<unknown>;
}

export const APP_ID = 'bellwether-deployments-app';
const APP_PROXY = `/api/plugin-proxy/${APP_ID}`;
const PAGE_SIZE = 200;
/** Beyond these a dashboard shows more markers than anybody can tell apart. */
const MOST_DEPLOYMENTS = 1_000;

/** Reads through the datasource's proxy: its token, and whoever may query the datasource. */
export function datasourceReader(uid: string): ServiceReader {
  const base = `/api/datasources/proxy/uid/${encodeURIComponent(uid)}`;
  return readerOver({ api: base, reports: `${base}/reports`, ready: `${base}/ready` });
}

/** Reads through the app's proxy: its token, and whoever has the role of a reader. */
export function appReader(): ServiceReader {
  return readerOver({
    api: `${APP_PROXY}/verdicts`,
    reports: `${APP_PROXY}/reports`,
    ready: `${APP_PROXY}/ready`,
  });
}

/** Acts through the app's proxy: the token that may act stays on Grafana's server. */
export const appActions: ServiceActions = {
  rollback: (id, order, key) => act<Rollback>(id, 'rollback', order, key),
  goOn: (id, reason, key) => act<WireVerdict>(id, 'continue', { reason }, key),
  feedback: (id, said, key) => act(id, 'feedback', said, key),
};

function readerOver(paths: {
  readonly api: string;
  readonly reports: string;
  readonly ready: string;
}): ServiceReader {
  const one = (id: string): string => `${paths.api}/deployments/${encodeURIComponent(id)}`;
  return {
    async deployments(query) {
      const items: ListedDeployment[] = [];
      let cursor: string | undefined;
      do {
        const page = await get<DeploymentPage>(`${paths.api}/deployments`, {
          ...parametersOf(query),
          cursor,
        });
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== undefined && items.length < MOST_DEPLOYMENTS);
      return { items, truncated: cursor !== undefined };
    },
    deployment: (id) => get(one(id)),
    report: (id) => get(`${paths.reports}/${encodeURIComponent(id)}/report.json`),
    calibration: (service) => get(`${paths.api}/services/${encodeURIComponent(service)}/calibration`),
    async health(fromMs) {
      const items: DeploymentHealth['items'][number][] = [];
      let cursor: string | undefined;
      do {
        const page = await get<DeploymentHealth>(`${paths.api}/health`, {
          from: new Date(fromMs).toISOString(),
          every: '400d',
          limit: '100',
          cursor,
        }).catch(undefinedIfUnknown);
        if (page === undefined) return undefined;
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return items;
    },
    ready: () => get(paths.ready),
  };
}

function undefinedIfUnknown(error: unknown): undefined {
  if (troubleOf(error).kind === 'not-found') return undefined;
  throw error;
}

function parametersOf({ fromMs, toMs, ...rest }: DeploymentQuery): Record<string, string | undefined> {
  const instant = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  return { ...rest, from: instant(fromMs), to: instant(toMs), limit: String(PAGE_SIZE) };
}

function get<T>(url: string, parameters: Readonly<Record<string, string | undefined>> = {}): Promise<T> {
  const params = Object.fromEntries(
    Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ''),
  );
  return ask<T>({ method: 'GET', url, params });
}

function act<T>(id: string, verb: string, data: unknown, key?: string): Promise<T> {
  return ask<T>({
    method: 'POST',
    url: `${APP_PROXY}/actions/${encodeURIComponent(id)}/${verb}`,
    data,
    ...(key === undefined ? {} : { headers: { 'Idempotency-Key': key } }),
  });
}

/** @throws ServiceError with what went wrong and what to do */
async function ask<T>(request: {
  method: string;
  url: string;
  params?: Record<string, unknown>;
  data?: unknown;
  headers?: Record<string, string>;
}): Promise<T> {
  try {
    // The panel says itself what went wrong: Grafana's own pop-up would say it twice.
    const answer = await lastValueFrom(getBackendSrv().fetch<T>({ ...request, showErrorAlert: false }));
    return answer.data;
  } catch (error) {
    throw new ServiceError(troubleOf(error));
  }
}

/** A key that no other request has, also on pages that are not served over TLS. */
export function newRequestKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
