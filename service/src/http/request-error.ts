import type { Problem } from '../api/problem.js';

/** Why the edge refuses a request; errors.ts knows which status each one is. */
export type RequestErrorCode =
  | 'invalid-request'
  | 'malformed-body'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'unauthenticated'
  | 'forged'
  | 'unknown-person'
  | 'not-found'
  | 'method-not-allowed'
  | 'key-reused'
  | 'key-in-use'
  | 'stale'
  | 'too-many'
  | 'busy';

export type FieldProblem = Problem['errors'][number];

export interface RequestErrorInfo {
  readonly errors?: readonly FieldProblem[];
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that the edge refuses before any use case runs. */
export class RequestError extends Error {
  constructor(
    readonly code: RequestErrorCode,
    message: string,
    readonly info: RequestErrorInfo = {},
  ) {
    super(message);
  }
}
