import type { UseCases } from '../app/use-cases.js';
import type { Idempotent } from './idempotency.js';
import type { HttpLimits } from './limits.js';

/** What every router of the API works with. */
export interface RouterDeps {
  readonly useCases: UseCases;
  readonly idempotent: Idempotent;
  readonly limits: HttpLimits;
  readonly clock: () => number;
  /** Aborted when the server stops: long polls answer at once and streams end. */
  readonly stopping: AbortSignal;
}

/** The project that a request means when it names none. */
export function defaultProject(caller: { readonly project: string }): string {
  return caller.project === '*' ? 'default' : caller.project;
}
