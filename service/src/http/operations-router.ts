import { Router } from 'express';
import type { RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import { openApiDocument } from '../api/openapi.js';

/** Whether this server can do its work; `detail` is for people. */
export type Ready = () => Promise<{ readonly ready: boolean; readonly detail?: string }>;

/** `/healthz`, `/readyz`, `/openapi.json` for everyone, and `/metrics` behind the gate that is given. */
export function createOperationsRouter(deps: {
  readonly registry: Registry;
  readonly ready: Ready;
  readonly metricsGate: readonly RequestHandler[];
}): Router {
  const router = Router();
  const document = JSON.stringify(openApiDocument());

  router.get('/healthz', (_request, response) => {
    response.set('cache-control', 'no-store').json({ status: 'ok' });
  });

  router.get('/readyz', async (_request, response) => {
    const { ready, detail } = await deps.ready();
    const status = ready ? 200 : 503;
    const about = detail === undefined ? {} : { detail };
    response
      .status(status)
      .set('cache-control', 'no-store')
      .json({ status: ready ? 'ok' : 'unready', ...about });
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
