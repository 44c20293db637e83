import type { Socket } from 'node:net';
import { openWire, type WireAnswer } from './wire.js';

/** Opens a connection that was judged by the server's egress rules; failures come as the socket's `error` event. */
export type Dial = (target: {
  readonly host: string;
  readonly port: number;
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
  };
}) => Socket;

/** What a client needs of the process around it. */
export interface ClientParts {
  readonly dial: Dial;
  /** Aborted when the service stops. */
  readonly stop: AbortSignal;
  /** Before the second attempt, instead of the usual quarter of a second. */
  readonly pauseMs?: number;
}

export interface ExchangeTarget extends ClientParts {
  readonly url: string;
  readonly tls: NonNullable<Parameters<Dial>[0]['tls']>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** What the client library hands on to `http.request`. */
export interface OwnConnection {
  readonly createConnection: () => Socket;
}

/** Why there is no answer, with what came of one. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  constructor(
    /** `failed`: the library could not use the answer. */
    readonly kind: 'timeout' | 'broken' | 'too-large' | 'unreachable' | 'not-allowed' | 'failed',
    message: string,
    readonly answer: WireAnswer,
  ) {
    super(message);
  }
}

/** A body that has come whole is in the library's hands a turn or two after its connection has closed. */
const CLOSE_GRACE_MS = 50;

/**
 * One request of a client library on a connection of its own. The libraries wait for ever for a body that was cut, read without limit,
 * and drop what a failing server says; here every exchange ends in time, within a size, and with the reason.
 * @throws ExchangeError
 */
export async function exchange<T>(
  target: ExchangeTarget,
  send: (connection: OwnConnection) => Promise<T>,
): Promise<T> {
  const wire = openWire();
  const sockets: Socket[] = [];
  let fail: (error: ExchangeError) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => (fail = reject));
  failed.catch(() => undefined);
  const failAs = (kind: ExchangeError['kind'], message: string) =>
    fail(new ExchangeError(kind, message, wire.answer()));
  const timer = setTimeout(
    () =>
      failAs('timeout', `did not answer within ${target.timeoutMs} ms; ask for less, or raise its "timeout"`),
    target.timeoutMs,
  );
  const onStop = () => failAs('broken', 'was not waited for: the service stops');
  target.stop.addEventListener('abort', onStop);
  const createConnection = () => {
    const socket = target.dial(dialled(target));
    sockets.push(socket);
    socket.on('data', (chunk: Buffer) => {
      if (wire.take(chunk) > target.maxBytes)
        failAs(
          'too-large',
          `answers with more than ${target.maxBytes} bytes; narrow it down by labels or an aggregation`,
        );
    });
    socket.once('error', (error) => failAs(kindOf(error), describe(error, new URL(target.url).host)));
    socket.once('close', () =>
      setTimeout(() => failAs('broken', 'broke the connection in the middle of an answer'), CLOSE_GRACE_MS),
    );
    return socket;
  };
  try {
    const sent = send({ createConnection });
    // Once the race is lost to a deadline nobody listens to it any more.
    sent.catch(() => undefined);
    return await Promise.race([sent, failed]);
  } catch (error) {
    if (error instanceof ExchangeError) throw error;
    // A socket's own error comes at the same time and says more.
    await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, 1))]);
    throw new ExchangeError('failed', (error as Error).message, wire.answer());
  } finally {
    clearTimeout(timer);
    target.stop.removeEventListener('abort', onStop);
    for (const socket of sockets) socket.destroy();
  }
}

function dialled({ url, tls }: ExchangeTarget): Parameters<Dial>[0] {
  const { protocol, hostname, port } = new URL(url);
  const isTls = protocol === 'https:';
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
    ...(isTls ? { tls } : {}),
  };
}

function kindOf(error: Error): ExchangeError['kind'] {
  return error.name === 'RefusedError' ? 'not-allowed' : 'unreachable';
}

function describe(error: Error, host: string): string {
  if (error.name === 'RefusedError') return error.message;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return `cannot be reached at ${host} (${code}); check that it runs, and its "url" in the server configuration`;
}
