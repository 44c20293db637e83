import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { AppError } from '../app/use-cases.js';
import type { Problem } from '../api/problem.js';
import { PayloadError } from '../ingest/payload-error.js';
import { StoreError } from '../store/port.js';
import { bodyParserError } from './body-parser-error.js';
import { RequestError } from './request-error.js';
import type { FieldProblem } from './request-error.js';

interface Kind {
  readonly status: number;
  readonly title: string;
}

const requestKinds: Readonly<Record<RequestError['code'], Kind>> = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'malformed-body': { status: 400, title: 'The body cannot be read' },
  'body-too-large': { status: 413, title: 'The body is too big' },
  'unsupported-media-type': { status: 415, title: 'This kind of body is not understood' },
  unauthenticated: { status: 401, title: 'A valid token is needed' },
  forged: { status: 401, title: 'The signature is not the right one' },
  'unknown-person': { status: 403, title: 'It is not known who asks' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This method is not offered here' },
  'key-reused': { status: 409, title: 'The idempotency key belongs to another request' },
  'key-in-use': { status: 409, title: 'A request with this idempotency key is in work' },
  stale: { status: 412, title: 'The resource has changed' },
  'too-many': { status: 429, title: 'Too many requests' },
  busy: { status: 503, title: 'The service is busy' },
};

const appKinds: Readonly<Record<AppError['code'], Kind>> = {
  invalid: requestKinds['invalid-request'],
  'not-found': requestKinds['not-found'],
  forbidden: { status: 403, title: 'The token does not allow this' },
  conflict: { status: 409, title: 'The request conflicts with what is there' },
  stale: requestKinds.stale,
  'too-many': requestKinds['too-many'],
  unavailable: { status: 503, title: 'The service cannot do this now' },
};

const storeKinds: Readonly<Record<StoreError['code'], Kind & { readonly code: string }>> = {
  conflict: { ...appKinds.conflict, code: 'conflict' },
  'invalid-cursor': { ...requestKinds['invalid-request'], code: 'invalid-request' },
  'too-many-series': { ...requestKinds['too-many'], code: 'too-many' },
  refused: { ...appKinds.conflict, code: 'conflict' },
  'disk-full': { status: 507, title: 'The disk of the server is full', code: 'disk-full' },
  unavailable: { ...appKinds.unavailable, code: 'unavailable' },
  'newer-version': { status: 500, title: 'The database belongs to a newer version', code: 'internal' },
  corrupt: { status: 500, title: 'The database is damaged', code: 'internal' },
};

/** An error ready to be sent, and what the operator must hear of it. */
export interface Answer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** `error` when somebody must act on the server; undefined for a mistake of the client. */
  readonly logLevel?: 'warn' | 'error';
}

/** Writes an answer in the words of those who asked. */
export type SendProblem = (response: Response, answer: Answer, requestId: string | undefined) => void;

/** Turns everything that a handler can throw into an RFC 9457 answer. The one place that knows the status codes of errors. */
export function answerTo(error: unknown): Answer {
  const known = payloadError(error) ?? bodyParserError(error) ?? error;
  if (known instanceof RequestError) return answerToRequestError(known);
  if (known instanceof AppError) return answerToAppError(known);
  if (known instanceof StoreError) return answerToStoreError(known);
  const detail = 'Something failed on the server; give the request id to its operator.';
  return {
    problem: problemOf('internal', { status: 500, title: 'The server failed' }, detail, []),
    headers: {},
    logLevel: 'error',
  };
}

const payloadKinds = {
  malformed: 'malformed-body',
  'too-large': 'body-too-large',
  unsupported: 'unsupported-media-type',
} as const satisfies Readonly<Record<PayloadError['code'], RequestError['code']>>;

function payloadError(error: unknown): RequestError | undefined {
  return error instanceof PayloadError
    ? new RequestError(payloadKinds[error.code], error.message)
    : undefined;
}

/** Express error handler: sends the problem, logs what is the server's own fault, and lets no stack trace out. */
export function createErrorHandler(log: Logger, send: SendProblem = sendProblem): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const answer = answerTo(error);
    const requestId = typeof request.id === 'string' ? request.id : undefined;
    if (answer.logLevel !== undefined) {
      log[answer.logLevel](
        { err: error, requestId, method: request.method, path: request.path },
        answer.problem.title,
      );
    }
    // Once the head is out, only cutting the connection can tell the client.
    if (response.headersSent) next(error);
    else send(response, answer, requestId);
  };
}

function sendProblem(response: Response, answer: Answer, requestId: string | undefined): void {
  response.status(answer.problem.status).set(answer.headers).set('cache-control', 'no-store');
  response.type('application/problem+json');
  response.send(JSON.stringify({ ...answer.problem, ...(requestId === undefined ? {} : { requestId }) }));
}

function answerToRequestError(error: RequestError): Answer {
  const { errors = [], retryAfterSeconds, headers = {} } = error.info;
  return {
    problem: problemOf(error.code, requestKinds[error.code], error.message, errors),
    headers: { ...headers, ...retryAfter(retryAfterSeconds) },
  };
}

function answerToAppError(error: AppError): Answer {
  const { field, remedy, retryAfterSeconds } = error.info;
  const named: FieldProblem[] = [];
  if (field !== undefined || remedy !== undefined) {
    named.push({
      detail: error.message,
      ...(field === undefined ? {} : field.startsWith('/') ? { pointer: field } : { parameter: field }),
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
  const code = error.code === 'invalid' ? 'invalid-request' : error.code;
  const waits = error.code === 'too-many' || error.code === 'unavailable';
  return {
    problem: problemOf(code, appKinds[error.code], error.message, named),
    headers: retryAfter(retryAfterSeconds ?? (waits ? 1 : undefined)),
    ...(error.code === 'unavailable' ? { logLevel: 'warn' as const } : {}),
  };
}

const MISTAKES: readonly StoreError['code'][] = ['conflict', 'invalid-cursor', 'too-many-series', 'refused'];

function answerToStoreError(error: StoreError): Answer {
  const { code, ...kind } = storeKinds[error.code];
  const named =
    error.code === 'invalid-cursor'
      ? [{ parameter: 'cursor', detail: error.message, remedy: 'begin without a cursor' }]
      : [];
  const ours = !MISTAKES.includes(error.code);
  return {
    problem: problemOf(code, kind, ours ? storeDetail(error) : error.message, named),
    headers: retryAfter(
      error.retryAfterSeconds ?? (error.retryable || error.code === 'unavailable' ? 5 : undefined),
    ),
    ...(ours ? { logLevel: error.code === 'unavailable' ? ('warn' as const) : ('error' as const) } : {}),
  };
}

/** Messages of the store can name files of the server, so they stay in its log. */
function storeDetail(error: StoreError): string {
  if (error.code === 'disk-full')
    return 'Nothing was stored. The operator must free space; then send the request again.';
  if (error.code === 'unavailable') return 'Nothing was stored. Send the request again in a few seconds.';
  return 'Nothing was stored. Give the request id to the operator of the server.';
}

function problemOf(code: string, kind: Kind, detail: string, errors: readonly FieldProblem[]): Problem {
  return { type: `urn:bellwether:problem:${code}`, title: kind.title, status: kind.status, detail, errors };
}

function retryAfter(seconds: number | undefined): Readonly<Record<string, string>> {
  return seconds === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(seconds))) };
}
