import type { Cluster } from './clustered-rate.js';
import type { PastResult } from './trial.js';

/** One cluster a past: how many of its deployments a method rolled back, at any look. */
export function alarmClusters(pasts: readonly PastResult[], method: string): readonly Cluster[] {
  return pasts.flatMap(({ alarms }) => {
    const looks = alarms[method] ?? [];
    return looks.length === 0
      ? []
      : [{ hits: looks.filter((look) => look !== null).length, of: looks.length }];
  });
}

/** Intervals from the onset of harm to each rollback that came after it. */
export function delaysOf(pasts: readonly PastResult[], method: string, onset: number): readonly number[] {
  return pasts.flatMap(({ alarms }) =>
    (alarms[method] ?? []).flatMap((look) => (look === null || look <= onset ? [] : [look - onset])),
  );
}

/** One cluster a past: how many of its deployments a method rolled back after the onset of harm. */
export function foundClusters(
  pasts: readonly PastResult[],
  method: string,
  onset: number,
): readonly Cluster[] {
  return pasts.flatMap(({ alarms }) => {
    const looks = alarms[method] ?? [];
    const hits = looks.filter((look) => look !== null && look > onset).length;
    return looks.length === 0 ? [] : [{ hits, of: looks.length }];
  });
}
