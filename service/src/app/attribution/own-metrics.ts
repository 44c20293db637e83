import {
  seasonExpectation,
  type Arm,
  type MetricHistory,
  type ShiftedMetric,
  type Snapshot,
} from '@bellwether/models';
import type { MetricFinding } from '../../domain/verdict.js';
import type { ReadMetric } from '../window/read-metric.js';
import { armValues, coarser, storedValues } from './arm-values.js';
import { alikeBuckets } from './alike-buckets.js';
import type { AttributionGrid } from './attribution-grid.js';

const DAY_MS = 86_400_000;
/** An onset is told from the metrics that say most. */
const MOST_METRICS = 5;
/** Weight of a metric that decided although nothing was fused of it, as one at its limit. */
const LEAST_WEIGHT = 0.01;

/**
 * The service's own metrics that moved, before and since the change.
 * @param moved by contribution, largest first
 */
export function ownMetrics(
  snapshot: Snapshot,
  live: readonly ReadMetric[],
  moved: readonly MetricFinding[],
  grid: AttributionGrid,
): readonly ShiftedMetric[] {
  return moved.slice(0, MOST_METRICS).flatMap((finding): ShiftedMetric[] => {
    const index = snapshot.metrics.findIndex(({ rule }) => rule.name === finding.name);
    const history = snapshot.metrics[index];
    const since = live[index];
    if (history === undefined || since === undefined) return [];
    const { name, kind, direction } = history.rule;
    const weight = Math.max(LEAST_WEIGHT, finding.contribution);
    return [{ name, kind, direction, weight, ...seriesOf(snapshot, history, since, grid) }];
  });
}

function seriesOf(
  snapshot: Snapshot,
  history: MetricHistory,
  since: ReadMetric,
  grid: AttributionGrid,
): Pick<ShiftedMetric, 'values' | 'expected' | 'control'> {
  const alike = alikeBuckets([history.treatment, history.control, since.treatment, since.control]);
  const joined = (past: Arm | undefined, live: Arm | undefined): Float64Array =>
    onGrid(past && armValues(alike(past)), live && armValues(alike(live)), snapshot, grid);
  const values = joined(history.treatment, since.treatment);
  if (since.control !== undefined)
    return { values: storedValues(values), control: storedValues(joined(history.control, since.control)) };
  const from = firstIndex(snapshot, grid);
  const count = grid.count * grid.factor;
  const season = seasonExpectation(armValues(history.treatment), from, count, DAY_MS / snapshot.intervalMs);
  if (season === undefined) return { values: storedValues(values) };
  return { values: storedValues(values), expected: storedValues(coarser(season, grid.factor)) };
}

/** Index in the snapshot's history at which the grid begins; negative where the history is shorter. */
function firstIndex({ changeAtMs, changeIndex, intervalMs }: Snapshot, grid: AttributionGrid): number {
  return changeIndex - Math.round((changeAtMs - grid.startMs) / intervalMs);
}

function onGrid(
  past: Float64Array | undefined,
  live: Float64Array | undefined,
  snapshot: Snapshot,
  grid: AttributionGrid,
): Float64Array {
  const from = firstIndex(snapshot, grid);
  const { changeIndex } = snapshot;
  const fine = Float64Array.from({ length: grid.count * grid.factor }, (_, k) => {
    const index = from + k;
    return (index < changeIndex ? past?.[index] : live?.[index - changeIndex]) ?? NaN;
  });
  return coarser(fine, grid.factor);
}
