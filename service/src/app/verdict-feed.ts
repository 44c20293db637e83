import type { Verdict } from '../domain/verdict.js';

/** Verdict changes as they are committed, for long polls and event streams in this process. */
export interface VerdictFeed {
  publish(verdict: Verdict): void;
  /** @returns the way to stop listening */
  listen(deploymentId: string, listener: (verdict: Verdict) => void): () => void;
}

export function createVerdictFeed(): VerdictFeed {
  const listeners = new Map<string, Set<(verdict: Verdict) => void>>();
  return {
    publish(verdict) {
      for (const listener of [...(listeners.get(verdict.deploymentId) ?? [])]) listener(verdict);
    },
    listen(deploymentId, listener) {
      const set = listeners.get(deploymentId) ?? new Set();
      listeners.set(deploymentId, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(deploymentId) === set) listeners.delete(deploymentId);
      };
    },
  };
}
