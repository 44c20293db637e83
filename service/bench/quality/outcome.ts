import type { Truth } from './labelled-case.js';
import type { OwnMoment } from './own-moment.js';

/** What one method said of one case. */
export interface MethodOutcome {
  readonly verdict: 'rollback' | 'continue' | 'inconclusive';
  /** Seconds since 1970 at the end of the interval that decided; null where no look was taken. */
  readonly decidedAtSeconds: number | null;
  /** Evidence of harm, comparable within the method. */
  readonly score: number;
  /** Probability of harm, where the method gives one. */
  readonly probability?: number;
  /** Sequential p-value, where the method gives one. */
  readonly p?: number;
}

/** What all methods said of one case. */
export interface CaseOutcome {
  readonly truth: Truth;
  /** Seconds since 1970; absent where the harm is not visible, and of harmless cases. */
  readonly visibleAtSeconds?: number;
  /** Kind of moment by the window's own past; of harmless cases. */
  readonly ownMoment?: OwnMoment;
  readonly methods: Readonly<Record<string, MethodOutcome>>;
  /** What kept Bellwether from judging. */
  readonly error?: string;
}

/** Name of Bellwether among the methods. */
export const OURS = 'bellwether';
/** The same with the learned scorer asked, too. */
export const OURS_LEARNED = 'bellwether-learned';
