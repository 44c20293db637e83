import { mkdirSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { ensureFirstToken } from './cli/first-token.js';
import { DATABASE_FILE } from './cli/store-commands.js';
import { composeGrafanaApps } from './compose-grafana-apps.js';
import { composeService, type Service } from './compose.js';
import { accessTokens } from './config/access-tokens.js';
import type { Config } from './config/config-schema.js';
import { grafanaApps } from './config/grafana-apps.js';
import { configuredHooks } from './config/hooks.js';
import { ConfigError, loadConfig } from './config/load-config.js';
import type { AccessToken } from './domain/access.js';
import type { Hook } from './domain/hook.js';
import { createHttpApp } from './http/app.js';
import { createAuthenticate } from './http/authenticate.js';
import { callerOf } from './http/authentication-gate.js';
import { defaultLimits } from './http/limits.js';
import { createReportRouter } from './report/router.js';
import type { Store } from './store/port.js';
import { openSqliteStore } from './store/sqlite/open-sqlite-store.js';
import { createLog } from './telemetry/log.js';

/**
 * Runs the service until SIGINT or SIGTERM: what is in flight finishes, then it leaves. Whatever the configuration can get wrong is
 * found before the port is open.
 * @throws ConfigError, StoreError; nothing of the service goes on then
 */
export async function serve(
  options: { readonly config?: string },
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const config = loadConfig(options.config, environment);
  const log = createLog(config.log.level);
  const tokens = accessTokens(config, environment);
  const hooks = configuredHooks(config, environment);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const store = await openSqliteStore({ file: join(config.dataDir, DATABASE_FILE), clock: Date.now });
  try {
    await serveStore({ config, tokens, hooks, environment, store, log });
  } finally {
    await store.close();
  }
}

interface Opened {
  readonly config: Config;
  readonly tokens: ReadonlyMap<string, AccessToken>;
  readonly hooks: readonly Hook[];
  readonly environment: NodeJS.ProcessEnv;
  readonly store: Store;
  readonly log: Logger;
}

async function serveStore({ config, tokens, hooks, environment, store, log }: Opened): Promise<void> {
  const server = createServer(starting);
  const stopping = new AbortController();
  // Kept, for a server that stops no longer knows its address, while looks in progress still write links.
  let listensAt = '';
  const service = composeService({
    config,
    environment,
    store,
    log,
    clock: Date.now,
    publicUrl: () => config.publicUrl?.replace(/\/$/, '') ?? listensAt,
  });
  try {
    const app = edge({ config, store, tokens, hooks, service, log, stopping: stopping.signal });
    await listen(server, config);
    listensAt = addressOf(server);
    const signal = stopSignal();
    await prepareLogin(store, tokens, config, log);
    await service.start();
    server.off('request', starting);
    server.on('request', app);
    const { address, port } = server.address() as AddressInfo;
    log.info(
      { address, port, dataDir: config.dataDir, policies: Object.keys(config.policies) },
      `listening on ${listensAt}`,
    );
    await signal;
    log.info('stopping: what is in flight finishes first');
  } finally {
    await close(server, stopping);
    await service.stop();
    server.closeAllConnections();
  }
  await store.checkpointAudit();
}

/** Without tokens in the configuration the stored one of the first start is what people log in with; with some, only those are good. */
async function prepareLogin(
  store: Store,
  configured: ReadonlyMap<string, AccessToken>,
  { dataDir }: Config,
  log: Logger,
): Promise<void> {
  if (configured.size > 0) return;
  const file = await ensureFirstToken(store, dataDir, Date.now());
  if (file !== undefined)
    log.warn({ file }, `no token is configured; a new admin token for the first login is in ${file}`);
}

function addressOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** Requests that come between listening and being ready. */
const starting: RequestListener = (request, response) => {
  const alive = request.url === '/healthz';
  response
    .writeHead(alive ? 200 : 503, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(alive ? {} : { 'retry-after': '1' }),
    })
    .end(JSON.stringify({ status: alive ? 'ok' : 'starting' }));
};

interface EdgeParts {
  readonly config: Config;
  readonly store: Store;
  readonly tokens: ReadonlyMap<string, AccessToken>;
  readonly hooks: readonly Hook[];
  readonly service: Service;
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

function edge({
  config,
  store,
  tokens,
  hooks,
  service,
  log,
  stopping,
}: EdgeParts): ReturnType<typeof createHttpApp> {
  const clock = Date.now;
  return createHttpApp({
    useCases: service.useCases,
    authenticate: createAuthenticate({
      tokenByHash: async (hash) => (tokens.size > 0 ? tokens.get(hash) : store.tokenByHash(hash)),
      clock,
      grafanaApps: composeGrafanaApps(grafanaApps(config, tokens.values()), config.egress.allow, clock),
    }),
    registry: service.telemetry.registry,
    metrics: service.telemetry.http,
    hooks: { hooks, metrics: service.telemetry.hooks },
    log,
    ingest: { books: service.books, metrics: service.telemetry.ingest },
    limits: { ...defaultLimits, requestsPerMinute: config.limits.requestsPerMinute },
    reportRouter: createReportRouter({
      useCases: service.useCases,
      callerOf,
      clock,
    }),
    clock,
    ready: async () => (stopping.aborted ? { status: 'stopping', components: {} } : service.ready()),
    stopping,
    metricsOpen: config.openMetrics,
    trustedProxies: config.trustedProxies,
    loadIdempotent: (project, key) => store.idempotent(project, key),
    saveIdempotent: (answer) => store.transaction((tx) => tx.saveIdempotent(answer)),
  });
}

async function listen(server: Server, { listen: { host, port } }: Config): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'something else listens there; set listen.port or BELLWETHER_PORT'
          : error.message;
      reject(new ConfigError(`can't listen on ${host}:${port}: ${why}`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

/** Takes no new connection, ends streams, and waits for requests in flight. */
function close(server: Server, stopping: AbortController): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  stopping.abort();
  server.closeIdleConnections();
  return Promise.race([closed, new Promise<void>((resolve) => setTimeout(resolve, 10_000).unref())]);
}
