import { AnswerTooLarge } from '../ask-in-pieces.js';
import { SourceError } from '../port.js';
import { ExchangeError } from './exchange.js';

/** A failure of InfluxDB, and when it wants to be asked again. */
export class InfluxError extends SourceError {
  constructor(
    code: SourceError['code'],
    message: string,
    retryable: boolean,
    readonly retryAfterSeconds?: number,
  ) {
    super(code, message, retryable);
  }
}

/** Who was asked what. */
export interface Asked {
  /** Name of the source. */
  readonly source: string;
  /** For the message; left out for a write. */
  readonly query?: string;
  /** Texts that must not be shown. */
  readonly secrets: readonly string[];
  /** Settings that let us in. */
  readonly credentials: string;
}

interface Failure {
  readonly code: SourceError['code'];
  readonly text: string;
  readonly retryable: boolean;
}

const QUERY_CHARACTERS = 600;

/** What went wrong with an exchange, in the words that a person sees; the library's error stays out, for it holds the credentials. */
export function sourceFailure(error: unknown, asked: Asked): unknown {
  if (!(error instanceof ExchangeError)) return error;
  const { code, text, retryable } = failureOf(error, asked);
  const shown = asked.secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
  return new InfluxError(
    code,
    `source "${asked.source}" ${shown}`,
    retryable,
    error.answer.retryAfterSeconds,
  );
}

/** The same where less can be asked for: an answer that is too large is told apart, with what to say at last as its cause. */
export function pieceFailure(error: unknown, asked: Asked): unknown {
  const failure = sourceFailure(error, asked);
  return error instanceof ExchangeError && error.kind === 'too-large'
    ? new AnswerTooLarge(error.message, { cause: failure })
    : failure;
}

/** What else than the query a refusal can mean, by the words of InfluxDB 1.x, and where that is mended. */
const REMEDIES: readonly (readonly [words: RegExp, remedy: string])[] = [
  [/^database not found/, 'check "database" of this source in the server configuration'],
  [/^retention policy not found/, 'check "retentionPolicy" of this source in the server configuration'],
  [/^max-select-(?:series|point|buckets) limit/, 'ask for less, or raise that limit of the InfluxDB'],
];
/** The InfluxDB may be quicker the next time. */
const TOO_SLOW = /^query-timeout limit|^query interrupted/;

/** The server understood the request and says that the query itself is wrong, or that it takes no such query. */
export function badQuery(message: string, asked: Asked): SourceError {
  if (TOO_SLOW.test(message)) {
    const text = `source "${asked.source}" gave the query up: ${message}; ask for less, or raise query-timeout of the InfluxDB${inQuery(asked)}`;
    return new SourceError('unavailable', text, true);
  }
  const remedy = REMEDIES.find(([words]) => words.test(message))?.[1];
  const text = `source "${asked.source}" refuses the query: ${message}${remedy === undefined ? '' : `; ${remedy}`}${inQuery(asked)}`;
  return new SourceError('bad-query', text, false);
}

function failureOf(error: ExchangeError, asked: Asked): Failure {
  const { status } = error.answer;
  switch (error.kind) {
    case 'not-allowed':
      // Mended in the configuration, and until then the look stays due.
      return { code: 'refused', text: `is ${error.message}`, retryable: true };
    case 'too-large':
      return { code: 'too-many-series', text: error.message + inQuery(asked), retryable: false };
    case 'failed':
      return status !== undefined && status >= 300
        ? refusal(status, error.answer.message, asked)
        : {
            code: 'unavailable',
            text: `answered with something that is no whole answer of InfluxDB${inQuery(asked)}`,
            retryable: true,
          };
    case 'timeout':
    case 'broken':
    case 'unreachable':
      return { code: 'unavailable', text: error.message, retryable: true };
  }
}

function refusal(status: number, said: string | undefined, asked: Asked): Failure {
  const colon = said === undefined ? '' : `: ${said}`;
  const remedy = remedyFor(status, said, asked.credentials);
  if (remedy !== undefined)
    return { code: 'refused', text: `answered ${status}${colon}; ${remedy}`, retryable: true };
  if ([400, 404, 413, 422].includes(status))
    return { code: 'bad-query', text: `answered ${status}${colon}${inQuery(asked)}`, retryable: false };
  return { code: 'unavailable', text: `answered ${status}${colon}`, retryable: true };
}

function remedyFor(status: number, said: string | undefined, credentials: string): string | undefined {
  if (status === 401 || status === 403) return `check ${credentials} in the server configuration`;
  if (status < 400) return 'redirects are not followed: give the address that it redirects to as "url"';
  if ((status === 404 && said === undefined) || status === 405)
    return 'check its "url" in the server configuration, and that it is an InfluxDB of this version';
  return undefined;
}

function inQuery({ query }: Asked): string {
  if (query === undefined) return '';
  const shown = query.length > QUERY_CHARACTERS ? `${query.slice(0, QUERY_CHARACTERS)} …` : query;
  return `. Query: ${shown}`;
}
