import { Agent, type Dispatcher } from 'undici';
import {
  createGuardedConnector,
  RefusedError,
  systemResolver,
  type Resolver,
  type TlsOptions,
} from './guarded-connect.js';
import type { UrlGuard } from './url-guard.js';

export interface GuardedRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * `prefix`: once a status is there the call succeeds with what came of the body within time and size (for receivers, whose
   * status is the answer). `whole`: a body that is too large or too slow fails the call (for data).
   */
  readonly read: 'prefix' | 'whole';
  readonly signal?: AbortSignal;
  /** For this exchange, instead of the client's. */
  readonly timeoutMs?: number;
}

export interface GuardedResponse {
  /** Any status, redirects included: they are never followed. */
  readonly status: number;
  /** Value of a response header by lower-case name; repeated ones joined by commas. */
  header(name: string): string | undefined;
  readonly body: string;
  /** With `prefix`: the body went on beyond what was read. */
  readonly truncated: boolean;
}

/** `refused` by the guard, `aborted` by the caller's signal, `unreachable`: no connection, or it broke; `protocol`: not proper HTTP. */
export type FetchErrorCode =
  'refused' | 'timeout' | 'aborted' | 'too-large' | 'unreachable' | 'tls' | 'dns' | 'protocol';

/** No usable response. The message names the host but never path, query or headers, which may hold secrets. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  constructor(
    readonly code: FetchErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
  /** Could the same request succeed later, with nothing changed in the configuration? */
  get retryable(): boolean {
    return this.code !== 'refused' && this.code !== 'too-large';
  }
}

/** @throws FetchError */
export interface GuardedFetch {
  (request: GuardedRequest): Promise<GuardedResponse>;
  /** Ends open connections. */
  readonly close: () => Promise<void>;
}

export interface GuardedFetchOptions {
  /** For the whole exchange: name, connection, TLS, request, response. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly resolve?: Resolver;
  readonly tls?: TlsOptions;
}

/**
 * An HTTP client that goes only where the guard lets it, follows no redirect, and reads neither longer nor more than it is told.
 *
 * Each request has a connection of its own: its address was judged for this request, and no idle connection can break under it.
 *
 * @example await createGuardedFetch(guard, { timeoutMs: 15_000, maxResponseBytes: 16_384 })({ url, method: 'GET', headers: {}, read: 'whole' })
 */
export function createGuardedFetch(guard: UrlGuard, options: GuardedFetchOptions): GuardedFetch {
  const agent = new Agent({
    connect: createGuardedConnector(guard, options.resolve ?? systemResolver, options.timeoutMs, options.tls),
    pipelining: 0,
    // The deadline below covers everything; undici's own timers are coarser and would only race with it.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const guardedFetch = async (request: GuardedRequest): Promise<GuardedResponse> => {
    const check = guard.checkUrl(request.url);
    if (check.kind === 'refused') throw new FetchError('refused', new RefusedError(check).message);
    const timeoutMs = request.timeoutMs ?? options.timeoutMs;
    const deadline = openDeadline(timeoutMs, request.signal);
    try {
      const exchange = exchangeWith(agent, check.url, request, deadline.signal, options.maxResponseBytes);
      // undici notices the signal only once it is connected; a name or connection that hangs must not outlast the deadline.
      return await Promise.race([exchange, deadline.passed]);
    } catch (error) {
      throw asFetchError(
        error,
        check.url.host,
        deadline.expired() ? timeoutMs : undefined,
        request.signal?.aborted === true,
      );
    } finally {
      deadline.close();
    }
  };
  return Object.assign(guardedFetch, { close: () => agent.destroy() });
}

async function exchangeWith(
  agent: Agent,
  url: URL,
  request: GuardedRequest,
  signal: AbortSignal,
  maxBytes: number,
): Promise<GuardedResponse> {
  const response = await agent.request(requestOptions(url, request, signal));
  return readResponse(response, request.read, maxBytes);
}

function requestOptions(url: URL, request: GuardedRequest, signal: AbortSignal): Dispatcher.RequestOptions {
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: request.method,
    headers: request.headers,
    signal,
    ...(request.body === undefined ? {} : { body: request.body }),
  };
}

/** Time for an aborted exchange to wind up by itself. */
const settleMs = 50;

/** One timer and the caller's signal in one; a plain controller, because composed timeout signals can be collected before they fire. */
function openDeadline(timeoutMs: number, outer: AbortSignal | undefined) {
  const controller = new AbortController();
  let expired = false;
  const expire = () => {
    expired = true;
    controller.abort();
  };
  const onOuterAbort = () => controller.abort();
  // One turn later than the signal, so that a body which is being read can still end as a prefix.
  const passed = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () =>
      setTimeout(() => reject(new Error('the deadline passed')), settleMs),
    );
  });
  passed.catch(() => undefined);
  const timer = setTimeout(expire, timeoutMs);
  outer?.addEventListener('abort', onOuterAbort);
  if (outer?.aborted === true) controller.abort();
  const close = () => {
    clearTimeout(timer);
    outer?.removeEventListener('abort', onOuterAbort);
  };
  return { signal: controller.signal, passed, expired: () => expired, close };
}

async function readResponse(
  response: Dispatcher.ResponseData,
  read: GuardedRequest['read'],
  maxBytes: number,
): Promise<GuardedResponse> {
  const chunks: Buffer[] = [];
  const truncated = await collect(response, read, maxBytes, chunks);
  return {
    status: response.statusCode,
    header: (name) => {
      const value = response.headers[name];
      return typeof value === 'object' ? value.join(', ') : value;
    },
    body: Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'),
    truncated,
  };
}

async function collect(
  response: Dispatcher.ResponseData,
  read: GuardedRequest['read'],
  maxBytes: number,
  chunks: Buffer[],
): Promise<boolean> {
  let bytes = 0;
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) break;
    }
  } catch (error) {
    if (read === 'whole') throw error;
    return true;
  }
  if (bytes > maxBytes && read === 'whole')
    throw new FetchError('too-large', `the response is larger than ${maxBytes} bytes`);
  return bytes > maxBytes;
}

function asFetchError(
  error: unknown,
  host: string,
  timeoutMs: number | undefined,
  aborted: boolean,
): FetchError {
  if (error instanceof FetchError) return error;
  if (error instanceof RefusedError) return new FetchError('refused', error.message);
  if (timeoutMs !== undefined)
    return new FetchError('timeout', `${host} did not answer within ${timeoutMs} ms`, { cause: error });
  if (aborted) return new FetchError('aborted', `the request to ${host} was cancelled`, { cause: error });
  const code = errorCode(error);
  const kind = kindOf(code);
  return new FetchError(kind, `${host}: ${phrase[kind]} (${code})`, { cause: error });
}

function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

type TransportCode = 'unreachable' | 'tls' | 'dns' | 'protocol' | 'timeout';

const phrase: Readonly<Record<TransportCode, string>> = {
  unreachable: 'no connection, or it broke',
  tls: 'its certificate or TLS handshake was not accepted',
  dns: 'its name could not be resolved',
  protocol: 'it did not speak proper HTTP',
  timeout: 'connecting took too long',
};

function kindOf(code: string): TransportCode {
  if (code === 'ENOTFOUND' || code === 'ENODATA' || code.startsWith('EAI_')) return 'dns';
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO|ISSUER|^EPROTO$/.test(code)) return 'tls';
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'timeout';
  return code.startsWith('HPE_') || code === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW'
    ? 'protocol'
    : 'unreachable';
}
