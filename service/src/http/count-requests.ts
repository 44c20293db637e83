import type { RequestHandler } from 'express';
import type { HttpMetrics } from '../telemetry/http-metrics.js';
import { matchRoute } from './route-template.js';

/** Counts and times every request once its answer is out, or its client is gone. */
export function createRequestCount(metrics: HttpMetrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    // Routers rewrite the path on the way.
    const { template: route } = matchRoute(request.path);
    response.once('close', () => {
      const { method } = request;
      metrics.answered({
        route,
        method,
        status: response.statusCode,
        durationMs: performance.now() - startedAt,
      });
    });
    next();
  };
}
