import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { Refusal, UrlGuard } from './url-guard.js';

/** Every address of a host name. Injected in tests, where names must change their mind between two answers. */
export type Resolver = (
  host: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** The guard said no, either to the URL or to an address that its host resolved to. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(readonly refusal: Refusal) {
    super(`refused (${refusal.rule}): ${refusal.detail}; ${refusal.remedy}`);
  }
}

/** The operating system's resolver, hosts file included. */
export const systemResolver: Resolver = (host) =>
  new Promise((resolve, reject) => {
    lookup(host, { all: true, verbatim: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses),
    );
  });

/** How a server is made sure of, and how this service shows who it is; what is left out is as the system has it. */
export interface TlsOptions {
  /** Certificates (PEM) of the authorities that are trusted, instead of the public ones. */
  readonly ca?: string;
  /** The client's own certificate and key (PEM). */
  readonly cert?: string;
  readonly key?: string;
  /** Name that the server's certificate must be for, instead of the host of the URL. */
  readonly serverName?: string;
}

/**
 * An undici connector that resolves a name once, judges every address, and connects to exactly those addresses, so that a name
 * which changes its mind between check and use (DNS rebinding) gains nothing. One refused address refuses the host: a mixed
 * answer is an attack or a mistake, and connecting to the better half would hide it.
 *
 * @param connectTimeoutMs For TCP and TLS together.
 */
export function createGuardedConnector(
  guard: UrlGuard,
  resolve: Resolver,
  connectTimeoutMs: number,
  { serverName, ...certificates }: TlsOptions = {},
): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
    const port = options.port === '' ? (options.protocol === 'http:' ? 80 : 443) : Number(options.port);
    checkedAddresses(guard, withTimeout(resolve, connectTimeoutMs), host, port).then(
      (addresses) => {
        // A connector of its own for each connection, because the pinned answer belongs to this one only.
        buildConnector({ ...certificates, timeout: connectTimeoutMs, lookup: pinned(addresses) })(
          { ...options, hostname: host, ...(serverName === undefined ? {} : { servername: serverName }) },
          callback,
        );
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}

/** The system's resolver has no deadline of its own, and a pool cannot be closed while one of its connections is being made. */
function withTimeout(resolve: Resolver, timeoutMs: number): Resolver {
  return (host) =>
    new Promise((settle, reject) => {
      const late = () =>
        reject(
          Object.assign(new Error(`${host} was not resolved within ${timeoutMs} ms`), { code: 'EAI_AGAIN' }),
        );
      const timer = setTimeout(late, timeoutMs);
      resolve(host)
        .then(settle, reject)
        .finally(() => clearTimeout(timer));
    });
}

/** Addresses of a host, each of which the guard lets through. @throws RefusedError, or what the resolver says */
export async function checkedAddresses(
  guard: UrlGuard,
  resolve: Resolver,
  host: string,
  port: number,
): Promise<readonly LookupAddress[]> {
  const family = isIP(host);
  const addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
  if (addresses.length === 0) throw Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
  for (const { address } of addresses) {
    const refusal = guard.checkAddress({ host, port, address });
    if (refusal) throw new RefusedError(refusal);
  }
  return addresses;
}

function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (options.all === true || first === undefined) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}
