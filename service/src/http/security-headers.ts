import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Headers that keep browsers from running or leaking anything. Pages may use a `<style>` that carries the nonce in
 * `response.locals.cspNonce`; scripts, frames and inline `style=` attributes are not allowed.
 */
export function createSecurityHeaders(): readonly RequestHandler[] {
  const nonce: RequestHandler = (_request, response, next) => {
    response.locals['cspNonce'] = randomBytes(18).toString('base64');
    next();
  };
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'style-src': [(_request, response) => `'nonce-${cspNonce(response)}'`],
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  return [nonce, headers];
}

function cspNonce(response: object): string {
  return (response as { readonly locals: { readonly cspNonce: string } }).locals.cspNonce;
}
