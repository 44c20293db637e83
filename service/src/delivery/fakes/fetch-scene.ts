import { createServer, type AddressInfo, type Socket } from 'node:net';
import {
  createGuardedFetch,
  FetchError,
  type GuardedFetch,
  type GuardedFetchOptions,
  type GuardedRequest,
} from '../guarded-fetch.js';
import { createUrlGuard, type UrlGuard } from '../url-guard.js';
import { startReceiver, type Receiver } from './receiver.js';

/** The error that a call must end with. */
export async function fetchErrorOf(call: Promise<unknown>): Promise<FetchError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FetchError) return error;
  throw new Error(`expected a FetchError, got ${String(error)}`);
}

/** Real servers and clients for one test; `close` ends them all. */
export function createFetchScene() {
  const open: (() => Promise<void>)[] = [];
  const clientOf = (guard: UrlGuard, options: Partial<GuardedFetchOptions> = {}) => {
    const guardedFetch: GuardedFetch = createGuardedFetch(guard, {
      timeoutMs: 5_000,
      maxResponseBytes: 1_000,
      ...options,
    });
    open.push(guardedFetch.close);
    return (url: string, more: Partial<GuardedRequest> = {}) =>
      guardedFetch({ url, method: 'GET', headers: {}, read: 'whole', ...more });
  };
  return {
    receiver: async (): Promise<Receiver> => {
      const started = await startReceiver();
      open.push(started.close);
      return started;
    },
    /** A server below HTTP, for peers that do not play by the rules; gives its URL. */
    rawServer: async (onSocket: (socket: Socket) => void): Promise<string> => {
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => sockets.delete(socket));
        onSocket(socket);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      open.push(async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    },
    clientOf,
    client: (allow: readonly string[], options: Partial<GuardedFetchOptions> = {}) =>
      clientOf(createUrlGuard({ allow }), options),
    close: async (): Promise<void> => {
      for (const close of open.splice(0)) await close();
    },
  };
}
