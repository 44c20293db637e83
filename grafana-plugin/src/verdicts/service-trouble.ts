import { say } from '../words/say.js';
import type { Problem } from './wire.js';

export type TroubleKind =
  'unreachable' | 'not-signed-in' | 'forbidden' | 'not-found' | 'conflict' | 'invalid' | 'busy' | 'failed';

/** Why the service did not answer as asked, in words for whoever looks at the dashboard, and what to do about it. */
export interface ServiceTrouble {
  readonly kind: TroubleKind;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string;
}

/** A request that failed, as an error that can be thrown. */
export class ServiceError extends Error {
  constructor(readonly trouble: ServiceTrouble) {
    super([trouble.title, trouble.detail, trouble.remedy].filter((part) => part !== '').join(' '));
    this.name = 'ServiceError';
  }
}

/** The trouble behind anything that was thrown. */
export function troubleOf(error: unknown): ServiceTrouble {
  if (error instanceof ServiceError) return error.trouble;
  const { status, message, problem } = readFailure(error);
  if (status === 403 && problem === undefined)
    return {
      kind: 'forbidden',
      title: say('trouble.role.title'),
      detail: message,
      remedy: say('trouble.role.remedy'),
    };
  if (status === 404 && problem === undefined)
    return {
      kind: 'unreachable',
      title: say('trouble.route.title'),
      detail: message,
      remedy: say('trouble.route.remedy'),
    };
  const kind = kindOf(status);
  return {
    kind,
    title: problem?.title ?? say(`trouble.${kind}.title`),
    detail: problem === undefined ? (kind === 'unreachable' ? '' : message) : problem.detail,
    remedy: remedyOf(problem) ?? say(`trouble.${kind}.remedy`),
  };
}

function kindOf(status: number | undefined): TroubleKind {
  if (status === undefined || status === 0 || status === 502 || status === 504) return 'unreachable';
  const known: Readonly<Record<number, TroubleKind>> = {
    400: 'invalid',
    401: 'not-signed-in',
    403: 'forbidden',
    404: 'not-found',
    409: 'conflict',
    412: 'conflict',
    429: 'busy',
    503: 'busy',
  };
  return known[status] ?? 'failed';
}

interface Failure {
  readonly status?: number | undefined;
  readonly message: string;
  readonly problem?: Problem | undefined;
}

/** Reads what Grafana's client throws, which promises nothing about its shape. */
function readFailure(error: unknown): Failure {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  const data: unknown = 'data' in error ? error.data : undefined;
  if (isProblem(data)) return { status, message: data.detail, problem: data };
  const message = messageIn(data) ?? messageIn(error) ?? '';
  return { status, message };
}

function isProblem(data: unknown): data is Problem {
  return (
    typeof data === 'object' &&
    data !== null &&
    'title' in data &&
    'detail' in data &&
    typeof data.detail === 'string' &&
    'errors' in data &&
    Array.isArray(data.errors)
  );
}

function messageIn(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('message' in data)) return undefined;
  return typeof data.message === 'string' && data.message !== '' ? data.message : undefined;
}

function remedyOf(problem: Problem | undefined): string | undefined {
  const remedies = (problem?.errors ?? []).flatMap(({ remedy }) => (remedy === undefined ? [] : [remedy]));
  return remedies.length === 0 ? undefined : `${remedies.join('; ')}.`;
}
