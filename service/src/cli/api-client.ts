import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, refusal, unreachable } from './api-error.js';

/** One request to the service. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the service's address, such as `/api/v1/deployments`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Instead of `body`: an XML document. */
  readonly xml?: string;
  /** Of a POST; made when it is not given, so that a repeated attempt acts once. */
  readonly idempotencyKey?: string;
  /** How long one attempt may take. */
  readonly timeoutMs?: number;
  /** How often it is tried again when the service cannot be reached or is busy. */
  readonly retries?: number;
  readonly signal?: AbortSignal;
}

/** The service's HTTP API as the commands use it. */
export interface ApiClient {
  readonly baseUrl: string;
  /**
   * The answer's JSON, as the schemas of `api/` describe it; fields of a newer service are let through.
   * @throws ApiError when it is refused or nobody answers
   */
  call<Answer>(request: ApiRequest): Promise<Answer>;
}

export interface ApiClientOptions {
  readonly baseUrl: string;
  /** Which setting the address is from, for errors. */
  readonly saidBy: string;
  readonly token: string;
  /** Ends what is in flight. */
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 30_000;
const RETRIES = 2;
const FIRST_PAUSE_MS = 500;
/** Longer than this nobody wants a prompt to hang; the error says when to come again. */
const LONGEST_PAUSE_MS = 30_000;

/** A client that tries again what can be tried again: no connection, a busy or starting service. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  return {
    baseUrl: options.baseUrl,
    async call<Answer>(request: ApiRequest): Promise<Answer> {
      // One key for all attempts, or a retry after a lost answer would start a second deployment.
      const idempotencyKey = request.method === 'POST' ? (request.idempotencyKey ?? randomUUID()) : undefined;
      const keyed = { ...request, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
      return (await withRetries(options, keyed)) as Answer;
    },
  };
}

async function withRetries(options: ApiClientOptions, request: ApiRequest): Promise<unknown> {
  const { retries = RETRIES } = request;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once(options, request);
    } catch (error) {
      if (!(error instanceof ApiError) || !error.info.retryable || attempt >= retries) throw error;
      const pauseMs = error.info.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** attempt;
      if (pauseMs > LONGEST_PAUSE_MS) throw error;
      await sleep(pauseMs, undefined, { signal: signalOf(options, request) });
    }
  }
}

async function once(options: ApiClientOptions, request: ApiRequest): Promise<unknown> {
  const signal = signalOf(options, request);
  let response: Response;
  let text: string;
  try {
    response = await fetch(addressOf(options, request), {
      method: request.method,
      headers: headersOf(options, request),
      ...contentOf(request),
      // A redirect could carry the token elsewhere.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS)]),
    });
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(options.baseUrl, options.saidBy, error);
  }
  if (!response.ok || !isJson(text)) throw refusal(response.status, text, retryAfterMs(response));
  try {
    return JSON.parse(text);
  } catch {
    // It began as JSON: a proxy passed on what came before the connection behind it was cut.
    throw unreachable(options.baseUrl, options.saidBy, new Error('its answer was cut off'));
  }
}

function addressOf({ baseUrl }: ApiClientOptions, { path, query = {} }: ApiRequest): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, String(value));
  const search = parameters.toString();
  return `${baseUrl}${path}${search === '' ? '' : `?${search}`}`;
}

function headersOf({ token }: ApiClientOptions, request: ApiRequest): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    ...(request.xml === undefined ? {} : { 'content-type': 'application/xml' }),
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
  };
}

function contentOf({ body, xml }: ApiRequest): { readonly body?: string } {
  if (xml !== undefined) return { body: xml };
  return body === undefined ? {} : { body: JSON.stringify(body) };
}

function signalOf(options: ApiClientOptions, { signal }: ApiRequest): AbortSignal {
  return signal ?? options.signal;
}

function isJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

function retryAfterMs(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
