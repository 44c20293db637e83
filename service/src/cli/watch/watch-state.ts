import type { WireProgress } from '../../api/progress.js';
import type { WireVerdict } from '../../api/verdict.js';
import type { WireDeploymentDetail } from '../deployments-api.js';

/** What is known of a deployment that is watched. */
export interface WatchState {
  readonly deployment: WireDeploymentDetail;
  readonly verdict: WireVerdict;
  readonly progress: WireProgress;
}

/** After an early `continue` the tail of its watch goes on to the planned end and can still say `rollback`. */
export function isTailing({ progress: { watch } }: WatchState): boolean {
  return watch?.kind === 'late-regression' && watch.state === 'watching';
}

/** The service does not answer. */
export interface Lost {
  readonly sinceMs: number;
  readonly reason: string;
}

/** What happens while a deployment is watched. */
export type WatchEvent =
  | { readonly kind: 'state'; readonly state: WatchState; readonly isNewVerdict: boolean }
  | { readonly kind: 'lost'; readonly lost: Lost }
  | { readonly kind: 'back'; readonly afterMs: number };

/** How watching ended. */
export type WatchEnd =
  | { readonly kind: 'final'; readonly state: WatchState }
  | { readonly kind: 'timed-out'; readonly state: WatchState; readonly lost: Lost | undefined }
  | { readonly kind: 'interrupted'; readonly state: WatchState | undefined }
  /** It never answered, so not even the policy is known. */
  | { readonly kind: 'never-reached'; readonly lost: Lost; readonly message: string };
