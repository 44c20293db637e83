import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload } from 'jose';
import {
  grafanaRole,
  isSubject,
  type GrafanaClaims,
  type IdCheck,
  type VerifyGrafanaId,
} from '../../domain/grafana-user.js';
import type { GuardedFetch } from '../guarded-fetch.js';

/** The only algorithm that Grafana signs with; anything else would let the sender choose how it is checked. */
const ALGORITHMS = ['ES256'];
/** Grafana's tokens live ten minutes. */
const MAX_AGE_SECONDS = 900;
const CLOCK_TOLERANCE_SECONDS = 30;
/** Keys are read again after so long. */
const KEYS_LIVE_MS = 600_000;
/** A token with an unknown key makes them be read again, at most so often. */
const COOLDOWN_MS = 30_000;
const FETCH_TIMEOUT_MS = 5_000;

export interface IdVerifierOptions {
  /** Where Grafana publishes its keys (JWKS). */
  readonly keysUrl: string;
  /** Grafana's root URL. */
  readonly issuer: string;
  /** Number of the organisation that tokens must be for. */
  readonly org: number;
  /** Judges the address of the keys; its limits hold for the answer. */
  readonly guardedFetch: GuardedFetch;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Makes the check of `X-Grafana-Id`: a JWT (RFC 7519) that Grafana signs for the signed-in user with one of its published keys
 * (RFC 7517). Keys are kept for ten minutes and read again when a token names an unknown one.
 */
export function createIdVerifier(options: IdVerifierOptions): VerifyGrafanaId {
  const { org, guardedFetch, clock } = options;
  const keys = createRemoteJWKSet(new URL(options.keysUrl), {
    cacheMaxAge: KEYS_LIVE_MS,
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: FETCH_TIMEOUT_MS,
    [customFetch]: async (url, { signal }) => {
      const request = { url, method: 'GET', headers: { accept: 'application/json' }, read: 'whole' } as const;
      const { status, body } = await guardedFetch({ ...request, signal, timeoutMs: FETCH_TIMEOUT_MS });
      return new Response(body, { status });
    },
  });
  const bare = options.issuer.replace(/\/+$/, '');
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ALGORITHMS,
        // Grafana writes its root URL with the slash at the end.
        issuer: [bare, `${bare}/`],
        audience: `org:${org}`,
        requiredClaims: ['sub', 'exp', 'iat'],
        maxTokenAge: MAX_AGE_SECONDS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(clock()),
      });
      return checked(payload);
    } catch (error) {
      return failure(error, bare, org);
    }
  };
}

function checked({ sub = '', ...claims }: JWTPayload): IdCheck {
  if (!isSubject(sub))
    return refused('it is for no user and no service account', 'sign in to Grafana and try again');
  const { username, role } = claims as { readonly username?: unknown; readonly role?: unknown };
  const known = grafanaRole(role);
  const found: GrafanaClaims = {
    subject: sub,
    ...(typeof username === 'string' && username !== '' ? { login: username } : {}),
    ...(known === undefined ? {} : { role: known }),
  };
  return { kind: 'verified', claims: found };
}

function failure(error: unknown, issuer: string, org: number): IdCheck {
  if (error instanceof errors.JWTExpired)
    return refused('it has expired', 'load the page in Grafana again; compare the clocks of both servers');
  if (error instanceof errors.JWTClaimValidationFailed) return wrongClaim(error.claim, issuer, org);
  if (REFUSALS.some((kind) => error instanceof kind))
    return refused(
      'its signature is not one of Grafana’s',
      'check that tokens[].grafana names the Grafana that sends the request',
    );
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: 'unavailable', reason: `Grafana's signing keys can't be read: ${reason}` };
}

/** What is wrong with the token itself; anything else is a failure to get the keys. */
const REFUSALS = [
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWSInvalid,
  errors.JWTInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

function wrongClaim(claim: string, issuer: string, org: number): IdCheck {
  if (claim === 'iss')
    return refused(
      `it is not from ${issuer}`,
      'set tokens[].grafana.url to Grafana’s root_url, as Grafana itself has it',
    );
  if (claim === 'aud')
    return refused(
      `it is not for the organisation ${org}`,
      'set tokens[].grafana.org to the organisation that people work in',
    );
  return refused(`its claim "${claim}" is missing or not valid`, 'sign in to Grafana again');
}

function refused(reason: string, remedy: string): IdCheck {
  return { kind: 'refused', reason, remedy };
}
