import { mapArm, type Arm, type Snapshot } from '@bellwether/models';

/**
 * The end of a snapshot's history in arrays of its own, so that the rest can be freed.
 * @param points intervals to keep, ≥ 1
 */
export function recentHistory(snapshot: Snapshot, points: number): Snapshot {
  const from = Math.max(0, snapshot.changeIndex - points);
  const cut = (arm: Arm): Arm => mapArm(arm, (line) => line.slice(from));
  return {
    ...snapshot,
    changeIndex: snapshot.changeIndex - from,
    metrics: snapshot.metrics.map((m) => ({
      ...m,
      treatment: cut(m.treatment),
      ...(m.control === undefined ? {} : { control: cut(m.control) }),
    })),
    // Index ranges of the whole history say nothing here.
    excluded: [],
  };
}
