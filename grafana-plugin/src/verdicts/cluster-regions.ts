import { worstVerdict } from './verdict-look.js';
import type { Region } from './region.js';

/** Deployments that are drawn as one, because they would lie on each other; newest last. */
export interface Cluster {
  readonly fromMs: number;
  readonly toMs: number;
  readonly verdict: string;
  /** At least one. */
  readonly regions: readonly Region[];
}

/**
 * Joins deployments that begin within `widthMs` of the first of their cluster. The width is measured from the first one, so that a long
 * chain of deployments does not end as one marker.
 * @param widthMs how near is too near to tell apart; 0 joins only those that begin together
 */
export function clusterRegions(regions: readonly Region[], widthMs: number): readonly Cluster[] {
  const clusters: Region[][] = [];
  for (const region of regions.toSorted((a, b) => a.fromMs - b.fromMs || a.id.localeCompare(b.id))) {
    const open = clusters.at(-1);
    const first = open?.[0];
    if (open !== undefined && first !== undefined && region.fromMs - first.fromMs <= widthMs)
      open.push(region);
    else clusters.push([region]);
  }
  return clusters.map((members) => ({
    fromMs: Math.min(...members.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...members.map(({ toMs }) => toMs)),
    verdict: worstVerdict(members.map(({ verdict }) => verdict)),
    regions: members,
  }));
}
