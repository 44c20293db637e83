import { SourceError } from '../port.js';
import type { SourceResponse } from '../source-fetch.js';
import type { PrometheusConfig } from './config.js';
import type { Envelope } from './envelope.js';
import { withoutSecrets } from './without-secrets.js';

/** The error that an answer without usable data makes: who said what, about which query, and what to do where it is not obvious. */
export function answerError(
  config: PrometheusConfig,
  { status, body }: SourceResponse,
  envelope: Envelope,
  about: string,
): SourceError {
  const said = withoutSecrets(envelope.kind === 'error' ? envelope.message : firstLine(body), config.secrets);
  const source = `source "${config.name}"`;
  if (status === 200)
    return unavailable(`${source} answered with something that is no whole JSON answer. ${about}`);
  if (status === 400 || status === 422) {
    // Some servers report their own slowness like a mistake in the query.
    if (/time(?:d ?| )?out|deadline exceeded/i.test(said))
      return unavailable(`${source} did not finish the query (${status}): ${said}. ${about}`);
    return new SourceError('bad-query', `${source} refuses the query: ${said}. ${about}`, false);
  }
  const remedy = remedyFor(status);
  if (remedy !== undefined)
    return new SourceError('refused', `${source} answered ${status}${colon(said)}; ${remedy}`, true);
  return unavailable(`${source} answered ${status}${colon(said)}. ${about}`);
}

function unavailable(message: string): SourceError {
  return new SourceError('unavailable', message, true);
}

function remedyFor(status: number): string | undefined {
  if (status === 401 || status === 403)
    return 'check its credentials and tenant in the server configuration ("bearerToken", "basicAuth", "headers", "tenant")';
  if (status >= 300 && status < 400)
    return 'redirects are not followed: give the address that it redirects to as "url"';
  if (status === 404 || status === 405)
    return 'check its "url" in the server configuration: it is what stands before /api/v1';
  return undefined;
}

function colon(said: string): string {
  return said === '' ? '' : `: ${said}`;
}

/** A page of HTML says no more in its second line. */
function firstLine(body: string): string {
  const [line = ''] = body.trim().split('\n', 1);
  return line.startsWith('<') || line.startsWith('{') ? '' : line;
}
