import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccessToken } from '../domain/access.js';
import type { Caller } from '../app/use-cases.js';
import { placesFor } from '../domain/grafana-user.js';
import { personBehind, type GrafanaApp, type Header } from './grafana/person-behind.js';
import { RequestError } from './request-error.js';

/** `bw_<id>_<secret>`; 32 random bytes are 43 characters of base64url. */
const TOKEN = /^bw_([A-Za-z0-9-]{1,64})_[A-Za-z0-9_-]{43,128}$/;

/** How a caller may prove who it is: programs by bearer token, browsers on pages also by HTTP Basic with the token as password. */
export type Schemes = 'bearer' | 'bearer-or-basic';

/** What is looked at of a request to know who sends it. */
export interface Presented {
  readonly authorization: string | undefined;
  readonly header: Header;
  /** False: it only reads, for which a token of a Grafana app needs no person. */
  readonly changes: boolean;
}

/**
 * Who sends a request.
 * @throws RequestError `unauthenticated`, with the challenge to send; `unknown-person` for a change by a Grafana app that nobody stands behind
 */
export type Authenticate = (request: Presented, schemes: Schemes) => Promise<Caller>;

/** SHA-256 of a token in hex, as the store keeps it. The secret is random, so it needs no salt and no slow hash. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The public part of a token; undefined when the text is no token. */
export function tokenId(token: string): string | undefined {
  return TOKEN.exec(token)?.[1];
}

/**
 * Makes the check of bearer tokens.
 * @param tokenByHash finds the stored token by its SHA-256
 * @param clock now, in milliseconds
 * @param grafanaApps by token id, what tokens of Grafana apps stand for
 */
export function createAuthenticate(deps: {
  readonly tokenByHash: (hash: string) => Promise<AccessToken | undefined>;
  readonly clock: () => number;
  readonly grafanaApps?: ReadonlyMap<string, GrafanaApp>;
}): Authenticate {
  return async ({ authorization, header, changes }, schemes) => {
    const token = presentedToken(authorization, schemes);
    if (token === undefined) throw refusal(schemes, 'send the header "Authorization: Bearer bw_…"');
    const id = tokenId(token);
    if (id === undefined)
      throw refusal(schemes, 'the token is malformed; copy it whole, it begins with bw_', true);
    const hash = hashToken(token);
    const stored = await deps.tokenByHash(hash);
    if (stored === undefined || !sameText(stored.hash, hash) || !sameText(stored.id, id)) {
      throw refusal(schemes, 'the token is not known; ask for a new one', true);
    }
    const nowMs = deps.clock();
    if (stored.revokedAtMs !== undefined && stored.revokedAtMs <= nowMs) {
      throw refusal(schemes, 'the token was revoked; ask for a new one', true);
    }
    if (stored.expiresAtMs !== undefined && stored.expiresAtMs <= nowMs) {
      throw refusal(schemes, 'the token has expired; ask for a new one', true);
    }
    const { name, role, project, service, environment } = stored;
    const caller: Caller = {
      ...{ name, role, project, service, environment },
      authentication: `token:${stored.id}`,
    };
    const app = deps.grafanaApps?.get(stored.id);
    return app === undefined || !changes ? caller : forPerson(caller, app, header);
  };
}

/** The token's caller narrowed to the person: under their name, and beyond reading only where a rule lets them. */
async function forPerson(caller: Caller, app: GrafanaApp, header: Header): Promise<Caller> {
  const user = await personBehind(app, header);
  return {
    ...caller,
    // Marked, or somebody could take the name of a token and appear as it in the records.
    name: `grafana:${user.login}`,
    person: user.login,
    authentication: `${caller.authentication} ${user.proof}`,
    actsIn: placesFor(user, app.allow),
  };
}

function presentedToken(authorization: string | undefined, schemes: Schemes): string | undefined {
  const [, scheme = '', value = ''] =
    /^(bearer|basic|token) +(\S{1,1024})$/i.exec(authorization?.trim() ?? '') ?? [];
  // InfluxDB's word for the same.
  if (['bearer', 'token'].includes(scheme.toLowerCase())) return value;
  if (scheme.toLowerCase() !== 'basic' || schemes === 'bearer') return undefined;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Browsers ask people for a password only when challenged with Basic, so pages do and the API does not. */
function refusal(schemes: Schemes, remedy: string, wasGiven = false): RequestError {
  const bearer = `Bearer realm="bellwether"${wasGiven ? ', error="invalid_token"' : ''}`;
  const challenge =
    schemes === 'bearer' ? bearer : 'Basic realm="Bellwether: the token is the password", charset="UTF-8"';
  return new RequestError('unauthenticated', `No valid token: ${remedy}`, {
    headers: { 'www-authenticate': challenge },
    errors: [{ header: 'authorization', detail: wasGiven ? 'is not valid' : 'holds no token', remedy }],
  });
}
