import { mkdirSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { mintToken } from './cli/create-token.js';
import { DATABASE_FILE } from './cli/store-commands.js';
import { composeService, type Service } from './compose.js';
import { accessTokens } from './config/access-tokens.js';
import type { Config } from './config/config-schema.js';
import { ConfigError, loadConfig } from './config/load-config.js';
import type { AccessToken } from './domain/access.js';
import { createHttpApp } from './http/app.js';
import { createAuthenticate } from './http/authenticate.js';
import { callerOf } from './http/authentication-gate.js';
import { defaultLimits } from './http/limits.js';
import { createReportRouter } from './report/router.js';
import type { Store } from './store/port.js';
import { openSqliteStore } from './store/sqlite/open-sqlite-store.js';
import { createLog } from './telemetry/log.js';

/**
 * Runs the service until SIGINT or SIGTERM: what is in flight finishes, then it leaves.
 * @throws ConfigError, StoreError
 */
export async function serve(
  options: { readonly config?: string },
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const config = loadConfig(options.config, environment);
  const log = createLog(config.log.level);
  const tokens = accessTokens(config, environment);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const store = await openSqliteStore({ file: join(config.dataDir, DATABASE_FILE), clock: Date.now });
  const server = createServer(starting);
  try {
    await firstToken(store, tokens);
    const { address, port } = await listen(server, config);
    const host = address.includes(':') ? `[${address}]` : address;
    const service = composeService({
      config,
      environment,
      store,
      log,
      clock: Date.now,
      publicUrl: (config.publicUrl ?? `http://${host}:${port}`).replace(/\/$/, ''),
    });
    await service.start();
    const stopping = new AbortController();
    server.off('request', starting);
    server.on('request', edge({ config, store, tokens, service, log, stopping: stopping.signal }));
    log.info(
      { address, port, dataDir: config.dataDir, policies: Object.keys(config.policies) },
      `listening on http://${host}:${port}`,
    );
    await stopSignal();
    log.info('stopping: what is in flight finishes first');
    await close(server, stopping);
    await service.stop();
    await store.checkpointAudit();
  } finally {
    server.closeAllConnections();
    await store.close();
  }
}

/** Requests that come between listening and being ready. */
const starting: RequestListener = (_request, response) => {
  response.writeHead(503, { 'retry-after': '1' }).end();
};

interface EdgeParts {
  readonly config: Config;
  readonly store: Store;
  readonly tokens: ReadonlyMap<string, AccessToken>;
  readonly service: Service;
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

function edge({
  config,
  store,
  tokens,
  service,
  log,
  stopping,
}: EdgeParts): ReturnType<typeof createHttpApp> {
  const clock = Date.now;
  return createHttpApp({
    useCases: service.useCases,
    authenticate: createAuthenticate({
      tokenByHash: async (hash) => tokens.get(hash) ?? (await store.tokenByHash(hash)),
      clock,
    }),
    registry: service.telemetry.registry,
    log,
    limits: { ...defaultLimits, requestsPerMinute: config.limits.requestsPerMinute },
    reportRouter: createReportRouter({
      useCases: service.useCases,
      callerOf,
      clock,
    }),
    clock,
    ready: () => Promise.resolve(stopping.aborted ? { ready: false, detail: 'stopping' } : { ready: true }),
    stopping,
    metricsOpen: config.openMetrics,
    loadIdempotent: (project, key) => store.idempotent(project, key),
    saveIdempotent: (answer) => store.transaction((tx) => tx.saveIdempotent(answer)),
  });
}

/** A service that nobody can log in to is of no use: the first start makes an admin token and shows it once. */
async function firstToken(store: Store, configured: ReadonlyMap<string, AccessToken>): Promise<void> {
  if (configured.size > 0 || (await store.tokens()).length > 0) return;
  const { token, entry } = mintToken({
    name: 'first admin',
    role: 'admin',
    project: '*',
    service: '*',
    environment: '*',
  });
  const { hash, ...rest } = entry;
  await store.transaction((tx) =>
    tx.insertToken({ ...rest, role: 'admin', hash: hash.replace('sha256:', ''), createdAtMs: Date.now() }),
  );
  process.stderr.write(
    `\nNo token is configured. This admin token is shown once; keep it:\n\n  ${token}\n\n`,
  );
}

async function listen(server: Server, { listen: { host, port } }: Config): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'something else listens there; set listen.port or BELLWETHER_PORT'
          : error.message;
      reject(new ConfigError(`can't listen on ${host}:${port}: ${why}`, { cause: error }));
    });
    server.listen(port, host, () => {
      resolve(server.address() as AddressInfo);
    });
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
