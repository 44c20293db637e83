import type { RequestHandler } from 'express';
import { routes } from '../api/routes.js';
import { RequestError } from './request-error.js';

const patterns = routes.map((route) => ({
  method: route.method.toUpperCase(),
  path: new RegExp(`^${route.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
}));

/** The last handler: 405 with `Allow` where other methods are offered, else 404. */
export const unknownRoute: RequestHandler = (request) => {
  const asked = `${request.baseUrl}${request.path}`;
  const methods = patterns.filter(({ path }) => path.test(asked)).map(({ method }) => method);
  if (methods.length === 0) {
    throw new RequestError(
      'not-found',
      'There is nothing at this address; GET /openapi.json lists what there is.',
    );
  }
  const allow = methods.join(', ');
  throw new RequestError('method-not-allowed', `This address takes ${allow}.`, { headers: { allow } });
};
