/** An HTTP exchange as sources need it; the composition root hands in the guarded client. */
export interface SourceRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A body that is cut off is a failure, never a shorter answer. */
  readonly read: 'whole';
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface SourceResponse {
  readonly status: number;
  /** Value of a response header by lower-case name. */
  header(name: string): string | undefined;
  readonly body: string;
}

/** @throws an error with `code` and `retryable` (see {@link fetchFailure}) when there is no usable response */
export type SourceFetch = (request: SourceRequest) => Promise<SourceResponse>;

/** The part of a fetch error that sources act on. */
export interface FetchFailure {
  /** `too-large`: the answer is longer than this process reads in one piece. */
  readonly code: string;
  readonly retryable: boolean;
  /** Names the host, never path, query or headers. */
  readonly message: string;
}

/** What a failed fetch says of itself; undefined for errors that are no outcome of an exchange. */
export function fetchFailure(error: unknown): FetchFailure | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('retryable' in error)) return undefined;
  const { code, retryable, message } = error;
  if (typeof code !== 'string' || typeof retryable !== 'boolean') return undefined;
  return { code, retryable, message };
}
