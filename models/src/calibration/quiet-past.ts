import type { MetricHistory, Snapshot } from '../contract.js';
import { mapArm } from '../series/map-arm.js';

/** A quiet stretch shorter than this between excluded ones is too little to be compared with; it counts as excluded. */
const SHORTEST_STRETCH = 12;

/** Where the last quiet stretch before the change lies. */
export interface QuietPast {
  /** Excluded intervals between the end of that stretch and the change; 0 when nothing was excluded there. */
  readonly gap: number;
  /** Its length in intervals. */
  readonly length: number;
}

/** Which intervals of the history are quiet (1) and which are known deployments and incidents (0). */
function quietMask({ changeIndex, excluded }: Snapshot): Uint8Array {
  const mask = new Uint8Array(changeIndex).fill(1);
  for (const [from, to] of excluded) mask.fill(0, Math.max(0, from), Math.max(0, to));
  return mask;
}

/** The last stretch of at least `shortest` quiet intervals. */
function lastStretch(mask: Uint8Array, shortest: number): QuietPast | undefined {
  let end = mask.length;
  while (end > 0) {
    const stop = mask.subarray(0, end).lastIndexOf(1) + 1;
    const start = mask.subarray(0, stop).lastIndexOf(0) + 1;
    if (stop > 0 && stop - start >= shortest) return { gap: mask.length - stop, length: stop - start };
    end = start;
    if (stop === 0) return undefined;
  }
  return undefined;
}

/** Finds the last stretch before the change that is quiet and long enough to be compared with, else the last one of any length. */
export function quietPast(snapshot: Snapshot): QuietPast {
  const mask = quietMask(snapshot);
  return (
    lastStretch(mask, SHORTEST_STRETCH) ?? lastStretch(mask, 1) ?? { gap: snapshot.changeIndex, length: 0 }
  );
}

/**
 * Histories in which every excluded interval is NaN in both arms, so that nothing that is learned from the past (levels, scales,
 * units, seasons, e-processes) can come from a known deployment or incident.
 */
export function quietHistories({ metrics, excluded }: Snapshot): readonly MetricHistory[] {
  if (excluded.length === 0) return metrics;
  const blank = (values: Float64Array): Float64Array => {
    const quiet = values.slice();
    for (const [from, to] of excluded) quiet.fill(NaN, Math.max(0, from), Math.max(0, to));
    return quiet;
  };
  return metrics.map((metric) => ({
    ...metric,
    treatment: mapArm(metric.treatment, blank),
    ...(metric.control === undefined ? {} : { control: mapArm(metric.control, blank) }),
  }));
}
