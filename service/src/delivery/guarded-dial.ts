import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  checkedAddresses,
  RefusedError,
  systemResolver,
  type Resolver,
  type TlsOptions,
} from './guarded-connect.js';
import type { UrlGuard } from './url-guard.js';

export interface DialTarget {
  /** Name or address literal, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Present: TLS is spoken, and the certificate must be good for the host. */
  readonly tls?: TlsOptions;
}

/** Opens a connection. It never throws: what fails, the guard's refusal included, comes as the socket's `error` event. */
export type GuardedDial = (target: DialTarget) => Socket;

/**
 * Connections for client libraries that speak HTTP themselves: every address that a name resolves to is judged, and exactly those are
 * connected to, as with {@link createGuardedConnector}.
 */
export function createGuardedDial(guard: UrlGuard, resolve: Resolver = systemResolver): GuardedDial {
  return ({ host, port, tls }) => {
    const lookup: LookupFunction = (_host, options, callback) => {
      checkedAddresses(guard, resolve, host, port).then(
        (addresses) => {
          const [first] = addresses;
          if (options.all === true || first === undefined) callback(null, [...addresses]);
          else callback(null, first.address, first.family);
        },
        (error: unknown) => callback(error as Error, ''),
      );
    };
    const socket =
      tls === undefined
        ? connectPlain({ host, port, lookup })
        : connectTls({ ...certificates(tls), ...nameOf(host, tls), host, port, lookup });
    // A literal is never looked up.
    const refusal = isIP(host) === 0 ? undefined : guard.checkAddress({ host, port, address: host });
    return refusal === undefined ? socket : socket.destroy(new RefusedError(refusal));
  };
}

function certificates({ ca, cert, key }: TlsOptions) {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** An address literal is no server name. */
function nameOf(host: string, { serverName }: TlsOptions) {
  if (serverName !== undefined) return { servername: serverName };
  return isIP(host) === 0 ? { servername: host } : {};
}
