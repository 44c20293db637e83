import type { Arm, LiveMetric } from '../contract.js';

/** Of so many newest intervals is taken what goes on besides the metric itself. */
const LATELY = 10;

function medianOfNewest(values: Float64Array): number {
  const newest = values
    .filter((value) => !Number.isNaN(value))
    .slice(-LATELY)
    .sort();
  return newest[newest.length >> 1] ?? NaN;
}

function appended(values: Float64Array, look: number, more: number, value: number): Float64Array {
  const out = new Float64Array(look + more).fill(value);
  out.fill(NaN, 0, look);
  out.set(values.subarray(0, look));
  return out;
}

/** An arm that goes on at a level; of a ratio, with as many requests as lately. */
function prolongedArm(arm: Arm, look: number, more: number, level: number): Arm | undefined {
  if (arm.shape === 'gauge') return { shape: 'gauge', values: appended(arm.values, look, more, level) };
  if (arm.shape !== 'ratio') return undefined;
  const requests = medianOfNewest(arm.totals.subarray(0, look));
  return {
    shape: 'ratio',
    events: appended(arm.events, look, more, level * requests),
    totals: appended(arm.totals, look, more, requests),
  };
}

function recentLevel(arm: Arm, look: number): number {
  if (arm.shape === 'gauge') return medianOfNewest(arm.values.subarray(0, look));
  if (arm.shape !== 'ratio') return NaN;
  const { events, totals } = arm;
  return medianOfNewest(
    totals.subarray(0, look).map((total, index) => (total > 0 ? (events[index] ?? NaN) / total : NaN)),
  );
}

/**
 * What would be known some looks later, did the metric stay at a level from now on and its control group where it has been lately.
 *
 * @param look intervals that are known
 * @param more intervals that are supposed
 * @param level in the metric's unit
 * @returns undefined for a metric whose future is not one line
 */
export function prolonged(
  live: LiveMetric,
  look: number,
  more: number,
  level: number,
): LiveMetric | undefined {
  const treatment = prolongedArm(live.treatment, look, more, level);
  if (treatment === undefined) return undefined;
  if (live.control === undefined) return { treatment };
  const control = prolongedArm(live.control, look, more, recentLevel(live.control, look));
  return control === undefined ? undefined : { treatment, control };
}
