import type { Problem } from '../api/problem.js';
import { CommandError } from './command-error.js';

/** The service refused, or could not be asked; the message says what to do. */
export class ApiError extends CommandError {
  constructor(
    message: string,
    readonly info: {
      /** HTTP status; absent when there was no answer. */
      readonly status?: number;
      readonly problem?: Problem;
      /** Could the same request succeed later, with nothing changed? */
      readonly retryable: boolean;
      readonly retryAfterMs?: number;
    },
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The refusal of a service in words. */
export function refusal(status: number, body: string, retryAfterMs: number | undefined): ApiError {
  const problem = problemIn(body);
  const info = {
    status,
    retryable: status === 429 || status >= 500,
    ...(problem === undefined ? {} : { problem }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  const fields = fieldLines(problem);
  const advice = REMEDIES[status];
  const isAdvised = fields.some((line) => line.includes(';'));
  const lines = [headline(status, problem), ...fields];
  // Where a token comes from the service cannot know.
  if (advice !== undefined && (!isAdvised || status === 401)) lines.push(`  ${advice}`);
  if (problem?.requestId !== undefined && status >= 500) lines.push(`  request id: ${problem.requestId}`);
  return new ApiError(lines.join('\n'), info);
}

/** What to do about a status where the answer itself does not say. */
const REMEDIES: Readonly<Record<number, string>> = {
  301: 'the service is at another address; set --server to it',
  302: 'the service is at another address; set --server to it',
  307: 'the service is at another address; set --server to it',
  308: 'the service is at another address; set --server to it',
  401: 'use a token that the service knows: --token-file, BELLWETHER_TOKEN_FILE or BELLWETHER_TOKEN',
  403: 'use a token with the role and scope for it',
  404: 'check the id ("bellwether deploy list" shows those that the token may see) and --server',
  429: 'wait a little, then run the command again',
  502: 'the proxy in front of the service got no answer; is the service running?',
  503: 'the service is starting, stopping or busy; run the command again in a few seconds',
  504: 'the proxy in front of the service got no answer in time; is the service running?',
};

function headline(status: number, problem: Problem | undefined): string {
  if (problem === undefined)
    return `the server answered ${status}, and not as Bellwether does; is --server the address of Bellwether?`;
  const { title, detail } = problem;
  const says =
    detail === title || problem.errors.some((one) => one.detail === detail) ? title : `${title}: ${detail}`;
  return `${says} (${status})`;
}

function fieldLines(problem: Problem | undefined): readonly string[] {
  return (problem?.errors ?? []).map(({ pointer, parameter, header, detail, remedy }) => {
    const where = pointer ?? parameter ?? header;
    const place = where === undefined || where === '' ? '' : `${where}: `;
    return `  ${place}${detail}${remedy === undefined ? '' : `; ${remedy}`}`;
  });
}

function problemIn(body: string): Problem | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return isProblem(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** By its few fields: a newer service may say more. */
function isProblem(value: unknown): value is Problem {
  const { title, detail, errors } = (value ?? {}) as Partial<Problem>;
  return typeof title === 'string' && typeof detail === 'string' && Array.isArray(errors);
}

/** A request that got no answer, in words. */
export function unreachable(baseUrl: string, saidBy: string, cause: unknown): ApiError {
  const reason = reasonOf(cause);
  return new ApiError(
    `the service at ${baseUrl} (${saidBy}) can't be reached: ${reason}\n  ${remedyFor(reason)}`,
    { retryable: true },
    { cause },
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { code } = (error.cause ?? error) as { readonly code?: string };
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET') return 'the connection was cut';
  if (code !== undefined) return code;
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}

function remedyFor(reason: string): string {
  if (reason === 'ECONNREFUSED')
    return 'nothing listens there: is "bellwether serve" running, and is the port right? Set --server or BELLWETHER_URL';
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(reason))
    return 'the name is not known: check the host in --server or BELLWETHER_URL';
  if (/CERT|SELF_SIGNED|TLS|SSL/i.test(reason))
    return 'its certificate is not trusted: name your authority in NODE_EXTRA_CA_CERTS';
  return 'check the address (--server, BELLWETHER_URL), the network, and that the service runs; "bellwether doctor" tells more';
}
