import type { IntervalGrid } from '@bellwether/models';
import type { Deployment } from '../../domain/deployment.js';
import type { Watch } from '../../domain/watch.js';

/** Intervals before the deployment: enough moments to know what is usual. */
const PAST = 300;
/** Longer series are read in coarser intervals, so that a day-long watch costs no more than a short one. */
const MOST_INTERVALS = 600;

/** The grid that attribution looks at: some time before the deployment up to the look. */
export interface AttributionGrid extends IntervalGrid {
  /** Intervals of the watch in one of the grid. */
  readonly factor: number;
}

/** @param look intervals of the watch that were seen */
export function attributionGrid(deployment: Deployment, watch: Watch, look: number): AttributionGrid {
  const { changeAtMs, intervalMs } = watch;
  const treated = Math.ceil(Math.max(0, changeAtMs - deployment.startedAtMs) / intervalMs);
  const factor = Math.max(1, Math.ceil((PAST + treated + look) / MOST_INTERVALS));
  const before = Math.ceil((PAST + treated) / factor);
  return {
    startMs: changeAtMs - before * factor * intervalMs,
    intervalMs: factor * intervalMs,
    // A part of an interval at the end would be noisier than the others.
    count: before + Math.max(1, Math.floor(look / factor)),
    factor,
  };
}
