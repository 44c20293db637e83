import { getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import type { Dashboard } from '../../../service/src/api/annotation-query.js';

/** A folder or a dashboard as Grafana's search names it. */
export interface Place {
  readonly uid: string;
  readonly title: string;
}

/** A dashboard with what Grafana says of it. */
export interface LoadedDashboard {
  readonly dashboard: Dashboard;
  readonly meta: {
    readonly canSave?: boolean;
    readonly provisioned?: boolean;
    readonly provisionedExternalId?: string;
    readonly folderUid?: string;
  };
}

/** The calls of Grafana's HTTP API that attaching needs, made as whoever is signed in. @throws GrafanaRefusal */
export interface DashboardApi {
  folders(): Promise<readonly Place[]>;
  /** By title; of all folders where none is given. */
  dashboards(folderUid: string | undefined): Promise<readonly Place[]>;
  load(uid: string): Promise<LoadedDashboard>;
  save(loaded: LoadedDashboard, message: string): Promise<void>;
}

/** Grafana did not do what it was asked for. */
export class GrafanaRefusal extends Error {
  constructor(
    /** 0 where it did not answer. */
    readonly status: number,
    /** Grafana's own word for it, such as `version-mismatch`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const PAGE_SIZE = 500;

export const dashboardApi: DashboardApi = {
  folders: () => search({ type: 'dash-folder' }),
  dashboards: (folderUid) =>
    search({ type: 'dash-db', ...(folderUid === undefined ? {} : { folderUIDs: folderUid }) }),
  load: (uid) => ask('GET', `/api/dashboards/uid/${encodeURIComponent(uid)}`),
  async save({ dashboard, meta }, message) {
    const folder = meta.folderUid === undefined ? {} : { folderUid: meta.folderUid };
    await ask('POST', '/api/dashboards/db', { data: { dashboard, message, overwrite: false, ...folder } });
  },
};

async function search(params: Readonly<Record<string, string>>): Promise<readonly Place[]> {
  const found: Place[] = [];
  for (let page = 1; ; page += 1) {
    const some = await ask<readonly Place[]>('GET', '/api/search', {
      params: { ...params, limit: String(PAGE_SIZE), page: String(page) },
    });
    found.push(...some);
    if (some.length < PAGE_SIZE) return found.toSorted((a, b) => a.title.localeCompare(b.title));
  }
}

async function ask<T>(
  method: 'GET' | 'POST',
  url: string,
  more: { readonly params?: Record<string, string>; readonly data?: object } = {},
): Promise<T> {
  try {
    // The page says itself what went wrong, for each dashboard.
    const answer = await lastValueFrom(
      getBackendSrv().fetch<T>({ method, url, ...more, showErrorAlert: false, showSuccessAlert: false }),
    );
    return answer.data;
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Reads what Grafana's client throws, which promises nothing about its shape. */
function refusalOf(error: unknown): GrafanaRefusal {
  if (typeof error !== 'object' || error === null) return new GrafanaRefusal(0, '', String(error));
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 0;
  const data: unknown = 'data' in error ? error.data : undefined;
  return new GrafanaRefusal(status, textIn(data, 'status'), textIn(data, 'message'));
}

function textIn(data: unknown, field: string): string {
  if (typeof data !== 'object' || data === null) return '';
  const value: unknown = Reflect.get(data, field);
  return typeof value === 'string' ? value : '';
}
