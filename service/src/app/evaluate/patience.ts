import { SourceError } from '../../sources/port.js';

/** How long a source is waited for before a look is taken without the optional metrics that come from it. */
const PATIENCE_MS = 30_000;

/** Remembers since when sources fail without a break, so that an optional metric holds looks up for a while and not for ever. */
export interface Patience {
  isOver(): boolean;
  /** Every source answered. */
  renew(): void;
  /** Runs a piece of work and notes when a source failed in it. */
  spend<T>(work: () => Promise<T>): Promise<T>;
}

export function createPatience(clock: () => number): Patience {
  let failingSinceMs: number | undefined;
  return {
    isOver: () => failingSinceMs !== undefined && clock() - failingSinceMs >= PATIENCE_MS,
    renew: () => (failingSinceMs = undefined),
    async spend(work) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof SourceError) failingSinceMs ??= clock();
        throw error;
      }
    },
  };
}
