import type { Verdict } from '../../domain/verdict.js';

/** Why looks that are due could not be taken: kept in memory, because it is over as soon as one is taken, here or after a restart. */
export interface LookTroubles {
  failed(deploymentId: string, sinceMs: number, why: string): void;
  over(deploymentId: string): void;
  /** A verdict that is still awaited, with what it waits for; others as they are. */
  shownIn(verdict: Verdict): Verdict;
}

export function createLookTroubles(): LookTroubles {
  const troubles = new Map<string, { readonly sinceMs: number; readonly why: string }>();
  return {
    failed: (deploymentId, sinceMs, why) => void troubles.set(deploymentId, { sinceMs, why }),
    over: (deploymentId) => void troubles.delete(deploymentId),
    shownIn(verdict) {
      const trouble = troubles.get(verdict.deploymentId);
      if (trouble === undefined || verdict.value !== 'pending') return verdict;
      const text = `looks can't be taken since ${new Date(trouble.sinceMs).toISOString()} and are tried again: ${trouble.why}`;
      return { ...verdict, stillNeeded: [{ code: 'look-failing', text }, ...verdict.stillNeeded] };
    },
  };
}
