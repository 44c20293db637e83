import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dashboard } from '../src/api/annotation-query.js';

interface Kept {
  readonly dashboard: Dashboard;
  readonly folderUid: string;
  readonly provisionedFrom?: string;
  readonly isReadOnly?: boolean;
  /** Asked for by the old API, Grafana answers 406. */
  readonly isNewFormat?: boolean;
}

export const DASHBOARD_TOKEN = 'glsa_dashboards_0123456789';

/**
 * A double of Grafana's dashboard API on loopback: search, folders, datasources, load and save, which refuses an old version (412
 * `version-mismatch`), a provisioned dashboard (400) and one that the token may not save (403), as the documented contract says.
 */
export async function startDashboardsDouble() {
  const folders = [
    { uid: 'shop', title: 'Shop', type: 'dash-folder' },
    { uid: 'twin-1', title: 'Twin', type: 'dash-folder' },
    { uid: 'twin-2', title: 'Twin', type: 'dash-folder' },
  ];
  const kept = new Map<string, Kept>();
  let datasources = [
    { uid: 'prom', type: 'prometheus' },
    { uid: 'bw', type: 'bellwether-verdicts-datasource' },
  ];
  /** How many saves somebody else gets in before ours. */
  let intruders = 0;
  let saves = 0;

  const send = (response: ServerResponse, status: number, body: unknown): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

  const search = (query: URLSearchParams): readonly object[] => {
    if (query.get('type') === 'dash-folder') return folders;
    const all = [...kept.values()]
      .filter(({ folderUid }) => folderUid === (query.get('folderUIDs') ?? folderUid))
      .map(({ dashboard: { uid, title } }) => ({ uid, title, type: 'dash-db' }));
    const [limit, page] = [Number(query.get('limit')), Number(query.get('page'))];
    return all.slice((page - 1) * limit, page * limit);
  };

  const load = (uid: string, response: ServerResponse): void => {
    const found = kept.get(uid);
    if (found === undefined) send(response, 404, { message: 'Dashboard not found' });
    else if (found.isNewFormat === true)
      send(response, 406, {
        message: 'dashboard api version not supported, use /apis/dashboard.grafana.app',
      });
    else {
      const { dashboard, folderUid, provisionedFrom, isReadOnly } = found;
      const meta = {
        ...{ folderUid, canSave: isReadOnly !== true, provisioned: provisionedFrom !== undefined },
        ...(provisionedFrom === undefined ? {} : { provisionedExternalId: provisionedFrom }),
      };
      send(response, 200, { dashboard, meta });
      if (intruders > 0) {
        intruders -= 1;
        kept.set(uid, { ...found, dashboard: { ...dashboard, version: dashboard.version + 1 } });
      }
    }
  };

  /** Why a dashboard is not saved: status and body. */
  const refusal = (found: Kept | undefined, dashboard: Dashboard): readonly [number, object] | undefined => {
    if (found === undefined) return [404, { message: 'Dashboard not found' }];
    if (found.provisionedFrom !== undefined) return [400, { message: 'Cannot save provisioned dashboard' }];
    if (found.isReadOnly === true) return [403, { message: 'Access denied to save dashboard' }];
    if (dashboard.version === found.dashboard.version) return undefined;
    const message = 'The dashboard has been changed by someone else';
    return [412, { status: 'version-mismatch', message }];
  };

  const save = (
    { dashboard, folderUid = '' }: { readonly dashboard: Dashboard; readonly folderUid?: string },
    response: ServerResponse,
  ): void => {
    const found = kept.get(dashboard.uid);
    const refused = refusal(found, dashboard);
    if (refused !== undefined || found === undefined) {
      send(response, ...(refused ?? [404, {}]));
      return;
    }
    saves += 1;
    const version = dashboard.version + 1;
    kept.set(dashboard.uid, { ...found, folderUid, dashboard: { ...dashboard, version } });
    send(response, 200, { status: 'success', version });
  };

  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://grafana');
      if (request.headers.authorization !== `Bearer ${DASHBOARD_TOKEN}`)
        send(response, 401, { message: 'Invalid API key' });
      else if (pathname === '/api/search') send(response, 200, search(searchParams));
      else if (pathname === '/api/datasources') send(response, 200, datasources);
      else if (pathname.startsWith('/api/dashboards/uid/')) load(pathname.split('/').at(-1) ?? '', response);
      else if (pathname === '/api/dashboards/db' && request.method === 'POST')
        save(JSON.parse(text) as { dashboard: Dashboard }, response);
      else response.writeHead(404).end('<html>');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    put: (uid: string, title: string, more: Partial<Kept> & { readonly fields?: object } = {}): void => {
      const { fields, ...rest } = more;
      const dashboard = { uid, title, version: 1, panels: [{ id: 1 }], annotations: { list: [] }, ...fields };
      kept.set(uid, { folderUid: 'shop', dashboard, ...rest });
    },
    get: (uid: string): Dashboard => (kept.get(uid) as Kept).dashboard,
    saves: () => saves,
    intrude: (times: number) => void (intruders = times),
    setDatasources: (next: typeof datasources) => void (datasources = next),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
