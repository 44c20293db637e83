import { setMaxListeners } from 'node:events';
import express from 'express';
import type { Express, RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { UseCases } from '../app/use-cases.js';
import { createAdministrationRouter } from './administration-router.js';
import { createAuthenticationGate, createTokenRateLimit } from './authentication-gate.js';
import type { Authenticate } from './authenticate.js';
import { createChecksRouter } from './checks-router.js';
import { createDeploymentsRouter } from './deployments-router.js';
import { createDiscoveryRouter } from './discovery-router.js';
import { createErrorHandler } from './errors.js';
import { createHooksRouter, type HookDeps } from './hooks-router.js';
import { createHealthRouter } from './health-router.js';
import { createIngestRouter } from './ingest/ingest-router.js';
import type { IngestDeps } from './ingest/take-in.js';
import type { HttpMetrics } from '../telemetry/http-metrics.js';
import { createIdempotent } from './idempotency.js';
import type { IdempotencyStore } from './idempotency.js';
import type { HttpLimits } from './limits.js';
import { createOperationsRouter } from './operations-router.js';
import type { Ready } from './operations-router.js';
import { createRequestCount } from './count-requests.js';
import { createPeopleRouter } from './people-router.js';
import { createRequestLog } from './request-log.js';
import { createRollbackRouter } from './rollback-router.js';
import type { RouterDeps } from './router-deps.js';
import { createSamplesRouter } from './samples-router.js';
import { createServicesRouter } from './services-router.js';
import { createSecurityHeaders } from './security-headers.js';
import { unknownRoute } from './unknown-route.js';
import { createVerdictRouter } from './verdict-router.js';

export interface HttpDeps extends IdempotencyStore {
  readonly useCases: UseCases;
  readonly authenticate: Authenticate;
  readonly registry: Registry;
  /** Told of every answered request. */
  readonly metrics?: HttpMetrics;
  readonly log: Logger;
  /** Takes in what agents write in dialects of their own. */
  readonly ingest: IngestDeps;
  readonly limits: HttpLimits;
  /** Pages for people, mounted at `/` behind the same tokens; it finds the caller with `callerOf`. */
  readonly reportRouter?: Router;
  readonly clock: () => number;
  readonly ready: Ready;
  /** Aborted when the server stops: long polls answer at once and event streams end. */
  readonly stopping?: AbortSignal;
  /** Addresses that other tools send deployments to; default none. */
  readonly hooks?: Pick<HookDeps, 'hooks' | 'metrics'>;
  /** True: `/metrics` needs no token. */
  readonly metricsOpen?: boolean;
  /** Proxies whose `x-forwarded-for` is believed, as express's `trust proxy` takes them; default none. */
  readonly trustedProxies?: readonly string[];
}

/** The HTTP face of the service. It holds no state but counters, so that several can serve one store. */
export function createHttpApp(deps: HttpDeps): Express {
  const { limits, log } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', deps.trustedProxies === undefined ? false : [...deps.trustedProxies]);

  const gate = createAuthenticationGate(deps.authenticate, limits);
  const tokenRate = createTokenRateLimit(limits);
  const metricsGate = deps.metricsOpen === true ? [] : [gate('bearer-or-basic'), tokenRate];

  if (deps.metrics !== undefined) app.use(createRequestCount(deps.metrics));
  app.use(createRequestLog(log), ...createSecurityHeaders());
  const detailGate = [gate('bearer-or-basic'), tokenRate];
  app.use(createOperationsRouter({ registry: deps.registry, ready: deps.ready, metricsGate, detailGate }));
  // Many agents know HTTP Basic alone.
  app.use(createIngestRouter({ ...deps, gates: [noStore, gate('bearer-or-basic')] }));
  if (deps.hooks !== undefined)
    app.use(
      '/hooks',
      noStore,
      createHooksRouter({
        ...deps.hooks,
        ...{ useCases: deps.useCases, limits, log, clock: deps.clock, tokenGate: detailGate },
        idempotent: createIdempotent(deps),
      }),
    );
  app.use('/api/v1', noStore, gate('bearer'), tokenRate, createApiRouter(deps), unknownRoute);
  if (deps.reportRouter !== undefined) {
    app.get('/', toDeployments);
    app.use('/deployments', noStore, gate('bearer-or-basic'), tokenRate);
    app.use(deps.reportRouter);
  }
  app.use(unknownRoute);
  app.use(createErrorHandler(log));
  return app;
}

function createApiRouter(deps: HttpDeps): Router {
  const { useCases, limits, clock } = deps;
  const stopping = deps.stopping ?? new AbortController().signal;
  // Every open stream listens; stream slots bound them, so Node's warning at eleven would be a false one.
  setMaxListeners(0, stopping);
  const routerDeps: RouterDeps = { useCases, limits, clock, stopping, idempotent: createIdempotent(deps) };
  const router = express.Router();
  router.use('/deployments', createDeploymentsRouter(routerDeps));
  router.use('/deployments', createVerdictRouter(routerDeps));
  router.use('/deployments', createRollbackRouter(routerDeps));
  router.use('/deployments', createChecksRouter(routerDeps));
  router.use('/deployments', createPeopleRouter(routerDeps));
  router.use('/samples', createSamplesRouter(routerDeps));
  router.use(createDiscoveryRouter(routerDeps));
  router.use('/services', createServicesRouter(routerDeps));
  router.use(createHealthRouter(routerDeps));
  router.use(createAdministrationRouter(routerDeps));
  return router;
}

const noStore: RequestHandler = (_request, response, next) => {
  response.set('cache-control', 'no-store');
  next();
};

const toDeployments: RequestHandler = (_request, response) => {
  response.redirect(302, 'deployments');
};
