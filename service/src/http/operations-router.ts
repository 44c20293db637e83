import { Router } from 'express';
import type { RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import { openApiDocument } from '../api/openapi.js';
import type { Readiness } from '../telemetry/readiness.js';

/** How every component of this server is; never rejects. */
export type Ready = () => Promise<Readiness>;

/** Answers of a component that works with less than all of it; the server still does its work. */
const SERVING: readonly Readiness['status'][] = ['ok', 'degraded'];

/**
 * `/healthz`, `/readyz`, `/openapi.json` for everyone, and `/metrics` behind the gate that is given. What is wrong in detail, which can
 * name files and addresses, `/readyz` tells only to those who show a token.
 */
export function createOperationsRouter(deps: {
  readonly registry: Registry;
  readonly ready: Ready;
  readonly metricsGate: readonly RequestHandler[];
  /** Passed by requests to `/readyz` that carry a token. */
  readonly detailGate: readonly RequestHandler[];
}): Router {
  const router = Router();
  const document = JSON.stringify(openApiDocument());

  router.get('/healthz', (_request, response) => {
    response.set('cache-control', 'no-store').json({ status: 'ok' });
  });

  router.get(
    '/readyz',
    (request, _response, next) => {
      next(request.get('authorization') === undefined ? 'route' : undefined);
    },
    ...deps.detailGate,
    async (_request, response) => {
      const { status, components } = await deps.ready();
      response
        .status(SERVING.includes(status) ? 200 : 503)
        .set('cache-control', 'no-store')
        .json({ status, components });
    },
  );
  router.get('/readyz', async (_request, response) => {
    const { status } = await deps.ready();
    response
      .status(SERVING.includes(status) ? 200 : 503)
      .set('cache-control', 'no-store')
      .json({ status });
  });

  router.get('/openapi.json', (_request, response) => {
    response.set('cache-control', 'public, max-age=300').type('application/json').send(document);
  });

  router.get('/metrics', ...deps.metricsGate, async (_request, response) => {
    response
      .set({ 'content-type': deps.registry.contentType, 'cache-control': 'no-store' })
      .send(await deps.registry.metrics());
  });

  return router;
}
