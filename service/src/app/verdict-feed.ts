import type { Verdict } from '../domain/verdict.js';

/** Something that was done on a deployment beside a change of its verdict. */
export interface Activity {
  readonly deploymentId: string;
  /** Dotted, as webhooks name it. */
  readonly type: string;
  readonly atMs: number;
  /** As webhooks carry it. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Verdict changes and activity as they are committed, for long polls and event streams in this process. */
export interface VerdictFeed {
  publish(verdict: Verdict): void;
  /** @returns the way to stop listening */
  listen(deploymentId: string, listener: (verdict: Verdict) => void): () => void;
  publishActivity(activity: Activity): void;
  /** @returns the way to stop listening */
  listenActivity(deploymentId: string, listener: (activity: Activity) => void): () => void;
}

export function createVerdictFeed(): VerdictFeed {
  const verdicts = createChannel<Verdict>();
  const activities = createChannel<Activity>();
  return {
    publish: (verdict) => verdicts.publish(verdict),
    listen: (deploymentId, listener) => verdicts.listen(deploymentId, listener),
    publishActivity: (activity) => activities.publish(activity),
    listenActivity: (deploymentId, listener) => activities.listen(deploymentId, listener),
  };
}

function createChannel<Message extends { readonly deploymentId: string }>() {
  const listeners = new Map<string, Set<(message: Message) => void>>();
  return {
    publish(message: Message): void {
      for (const listener of [...(listeners.get(message.deploymentId) ?? [])]) listener(message);
    },
    listen(deploymentId: string, listener: (message: Message) => void): () => void {
      const set = listeners.get(deploymentId) ?? new Set();
      listeners.set(deploymentId, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(deploymentId) === set) listeners.delete(deploymentId);
      };
    },
  };
}
