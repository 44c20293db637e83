import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { matchRoute } from './route-template.js';

const quietPaths = ['/healthz', '/readyz', '/metrics'];
const ID = /^[\w.:-]{8,128}$/;

/**
 * One log line a request, with an id that the answer carries too (`x-request-id`; a client's own one is kept). Headers, and
 * with them tokens, are not logged. Mistakes of clients are `info`: nobody has to act on them.
 */
export function createRequestLog(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: (request, response) => {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && ID.test(given) ? given : randomUUID();
      response.setHeader('x-request-id', id);
      return id;
    },
    serializers: {
      req: (request: { id: unknown; method: unknown; url: unknown; remoteAddress: unknown }) => ({
        id: request.id,
        method: request.method,
        url: request.url,
        remoteAddress: request.remoteAddress,
      }),
      res: (response: { statusCode: unknown }) => ({ status: response.statusCode }),
    },
    redact: ['req.headers.authorization', 'req.headers.cookie'],
    // The address as it came: routers shorten the other on the way.
    customProps: (request) => ({
      requestId: request.id,
      ...concerning((request as Request).originalUrl),
    }),
    // The cause of a failure is logged once, by the error handler.
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'warn' : 'info'),
    autoLogging: { ignore: (request) => quietPaths.includes(request.url) },
  });
}

/** The deployment that an address is about. */
function concerning(url: string): { readonly deploymentId?: string } {
  const { template, id } = matchRoute(url.split('?')[0] ?? '');
  return id !== undefined && template.includes('/deployments/') ? { deploymentId: id } : {};
}
