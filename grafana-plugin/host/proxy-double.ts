import { createReadStream, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, extname, join, normalize } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const APP = 'bellwether-deployments-app';

/** A route of plugin.json as far as Grafana's proxies read it. */
interface Route {
  readonly path: string;
  readonly method?: string;
  readonly url: string;
  readonly reqAction?: string;
  readonly headers?: readonly { readonly name: string; readonly content: string }[];
}

/** What stands behind the double, and who is signed in. */
export interface ProxySettings {
  readonly hostVersion: string;
  readonly secrets: Readonly<Record<string, string>>;
  serviceUrl: string;
  permissions: ReadonlySet<string>;
  readonly series: (fromMs: number, toMs: number) => unknown;
  /** Grafana's own API of dashboards, asked as who is signed in. */
  readonly dashboards: { readonly url: string; readonly token: string };
}

/** A server that behaves as Grafana's plugin proxies do, by the routes of the built plugin.json, and serves the host's page. */
export async function startProxyDouble(settings: ProxySettings) {
  const app = routesOf('plugin.json');
  const datasource = routesOf('datasource/plugin.json');
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://host');
    const path = url.pathname;
    const appRest = after(path, `/api/plugin-proxy/${APP}/`);
    const datasourceRest = after(path, '/api/datasources/proxy/uid/verdicts/');
    if (appRest !== undefined)
      void forward(matchApp(app, request, appRest), url.search, request, response, settings);
    else if (datasourceRest !== undefined)
      void forward(
        matchDatasource(datasource, request, datasourceRest),
        url.search,
        request,
        response,
        settings,
      );
    else if (path === '/api/search' || path.startsWith('/api/dashboards/'))
      void forward(dashboardRoute(settings, path), url.search, request, response, settings);
    else if (path === '/host-data/series')
      json(
        response,
        200,
        settings.series(Number(url.searchParams.get('from')), Number(url.searchParams.get('to'))),
      );
    else if (path === `/api/plugins/${APP}/settings`)
      json(response, 200, { message: 'Plugin settings updated' });
    else serveFile(path, response, settings.hostVersion);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** As if it were a route of a plugin without a permission: Grafana's API looks at who asks by itself. */
function dashboardRoute({ dashboards: { url, token } }: ProxySettings, path: string): Match {
  const headers = [{ name: 'Authorization', content: `Bearer ${token}` }];
  return { route: { path, url: url + path, headers }, rest: '' };
}

interface Match {
  readonly route: Route;
  readonly rest: string;
}

/** An app's paths are patterns: `name/*` or a whole path. */
function matchApp(routes: readonly Route[], { method }: IncomingMessage, path: string): Match | undefined {
  for (const route of routes) {
    if (!takes(route, method)) continue;
    const prefix = route.path.endsWith('/*') ? route.path.slice(0, -1) : undefined;
    if (prefix === undefined && path === route.path) return { route, rest: '' };
    if (prefix !== undefined && path.startsWith(prefix)) return { route, rest: path.slice(prefix.length) };
  }
  return undefined;
}

/** A datasource's paths are plain prefixes. */
function matchDatasource(
  routes: readonly Route[],
  { method }: IncomingMessage,
  path: string,
): Match | undefined {
  const route = routes.find((one) => takes(one, method) && path.startsWith(one.path));
  return route === undefined ? undefined : { route, rest: path.slice(route.path.length).replace(/^\//, '') };
}

function takes({ method }: Route, asked: string | undefined): boolean {
  return method === undefined || method === '*' || method === asked;
}

async function forward(
  match: Match | undefined,
  search: string,
  request: IncomingMessage,
  response: ServerResponse,
  settings: ProxySettings,
): Promise<void> {
  if (match === undefined) {
    json(response, 404, { message: 'plugin route match not found' });
    return;
  }
  const { route, rest } = match;
  if (route.reqAction !== undefined && !settings.permissions.has(route.reqAction)) {
    json(response, 403, { message: 'plugin proxy route access denied' });
    return;
  }
  const fill = (text: string): string =>
    text
      .replace('{{ .JsonData.serviceUrl }}', settings.serviceUrl)
      .replace(/\{\{ \.SecureJsonData\.(\w+) \}\}/g, (_whole, name: string) => settings.secrets[name] ?? '');
  const headers: Record<string, string> = {
    'content-type': request.headers['content-type'] ?? 'application/json',
    'x-grafana-user': 'ada',
    'x-grafana-context': JSON.stringify({
      OrgID: 1,
      OrgRole: 'Editor',
      Login: 'ada',
      Name: 'Ada',
      IsGrafanaAdmin: false,
    }),
    ...(typeof request.headers['idempotency-key'] === 'string'
      ? { 'idempotency-key': request.headers['idempotency-key'] }
      : {}),
  };
  for (const { name, content } of route.headers ?? []) headers[name.toLowerCase()] = fill(content);
  const target = [fill(route.url), rest].filter((part) => part !== '').join('/') + search;
  const body = request.method === 'GET' ? undefined : await bodyOf(request);
  try {
    const answer = await fetch(target, {
      method: request.method ?? 'GET',
      headers,
      ...(body === undefined ? {} : { body }),
    });
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'application/json',
    });
    response.end(await answer.text());
  } catch {
    json(response, 502, '');
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += String(part);
  return text;
}

function routesOf(file: string): readonly Route[] {
  const built = JSON.parse(readFileSync(join(ROOT, 'dist', file), 'utf8')) as { routes: readonly Route[] };
  return built.routes;
}

function after(path: string, prefix: string): string | undefined {
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.css': 'text/css',
  '.otf': 'font/otf',
};

function serveFile(path: string, response: ServerResponse, version: string): void {
  const file = fileOf(normalize(path), version);
  if (file === undefined) {
    response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    return;
  }
  if (!existsSync(file) || statSync(file).isDirectory()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}

function fileOf(path: string, version: string): string | undefined {
  const packages =
    version === '13' ? join(ROOT, 'node_modules') : join(ROOT, 'host', `grafana-${version}`, 'node_modules');
  const plugin = after(path, `/public/plugins/${APP}/`);
  if (plugin !== undefined) return join(ROOT, 'dist', plugin);
  const icon = after(path, '/public/build/');
  if (icon !== undefined) return join(realpathSync(join(packages, '@grafana/ui')), 'dist/public', icon);
  if (path.startsWith('/public/fonts/'))
    return join('/usr/share/fonts/opentype/inter', basename(path).replace('.woff2', '.otf'));
  const host = after(path, '/host/');
  return host === undefined ? undefined : join(ROOT, 'host', `dist-${version}`, host);
}

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host double</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/host/host.css"></head><body><div id="root" style="min-height:100vh;padding:16px;display:flex;flex-direction:column"></div>
<script type="module" src="/host/boot.js"></script><script type="module" src="/host/host.js"></script></body></html>`;
