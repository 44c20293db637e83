import { CommandError } from '../command-error.js';
import { plain } from '../terminal/plain-text.js';
import type { Dashboard } from '../../api/annotation-query.js';

export interface GrafanaApiOptions {
  /** Root URL, without a slash at its end. */
  readonly url: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Grafana answered with an error that a single dashboard can be told apart by. */
export class GrafanaRefusal extends Error {
  constructor(
    readonly status: number,
    /** Grafana's own word for it, such as `version-mismatch`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Folder {
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

const TIMEOUT_MS = 30_000;
const PAGE = 500;

/** The calls of Grafana's HTTP API that attaching needs. @throws CommandError when Grafana cannot be asked; GrafanaRefusal when it refuses */
export function createGrafanaApi(options: GrafanaApiOptions) {
  const call = <Answer>(method: 'GET' | 'POST', path: string, body?: object) =>
    ask(options, method, path, body) as Promise<Answer>;
  return {
    url: options.url,
    /** By uid, else by exact title. */
    async folder(named: string): Promise<Folder> {
      const query = new URLSearchParams({ type: 'dash-folder', limit: '5000' });
      const all = await call<readonly Folder[]>('GET', `/api/search?${query.toString()}`);
      const byUid = all.find(({ uid }) => uid === named);
      const byTitle = all.filter(({ title }) => title === named);
      const [only] = byTitle;
      if (byUid !== undefined) return byUid;
      if (only !== undefined && byTitle.length === 1) return only;
      throw new CommandError(
        only === undefined
          ? `there is no folder "${plain(named)}" that the token may see; give its title or its uid (Grafana's address bar shows it)`
          : `${byTitle.length} folders are named "${plain(named)}"; give the uid: ${byTitle.map(({ uid }) => uid).join(', ')}`,
      );
    },
    /** Directly in a folder, by title. */
    async dashboardsIn({ uid: folderUIDs }: Folder): Promise<readonly Folder[]> {
      const found: Folder[] = [];
      for (let page = 1; ; page += 1) {
        const query = new URLSearchParams({ type: 'dash-db', folderUIDs, limit: `${PAGE}`, page: `${page}` });
        const some = await call<readonly Folder[]>('GET', `/api/search?${query.toString()}`);
        found.push(...some);
        if (some.length < PAGE) return found.toSorted((a, b) => a.title.localeCompare(b.title));
      }
    },
    dashboard: (uid: string) =>
      call<LoadedDashboard>('GET', `/api/dashboards/uid/${encodeURIComponent(uid)}`),
    /** @throws GrafanaRefusal `version-mismatch` when somebody saved it in between */
    save: ({ dashboard, meta }: LoadedDashboard, message: string) =>
      call<unknown>('POST', '/api/dashboards/db', {
        ...{ dashboard, message, overwrite: false },
        ...(meta.folderUid === undefined ? {} : { folderUid: meta.folderUid }),
      }),
    datasources: () =>
      call<readonly { readonly uid: string; readonly type: string }[]>('GET', '/api/datasources'),
  };
}

export type GrafanaApi = ReturnType<typeof createGrafanaApi>;

async function ask(
  { url, token, signal }: GrafanaApiOptions,
  method: 'GET' | 'POST',
  path: string,
  body: object | undefined,
): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect could carry the token elsewhere.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    throw new CommandError(
      `Grafana at ${url} can't be reached (${reasonOf(error)}); check --grafana or GRAFANA_URL, and that it runs`,
      { cause: error },
    );
  }
  return answerOf(url, response, text);
}

function reasonOf(error: unknown): string {
  const { code } = ((error as Error).cause ?? {}) as { readonly code?: string };
  return code ?? (error as Error).message;
}

function answerOf(url: string, { ok, status }: Response, text: string): unknown {
  const body = parsed(text);
  if (ok && body !== undefined) return body;
  if (status === 401)
    throw new CommandError(
      `Grafana at ${url} does not know the token (401); make one for a service account and give it with --grafana-token-file or GRAFANA_TOKEN`,
    );
  if (body === undefined)
    throw new CommandError(
      `${url} answered ${status}, and not as Grafana does; is --grafana the address of Grafana?`,
    );
  const { message = '', status: code = '' } = body as {
    readonly message?: unknown;
    readonly status?: unknown;
  };
  throw new GrafanaRefusal(status, String(code), plain(String(message)).slice(0, 300));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
