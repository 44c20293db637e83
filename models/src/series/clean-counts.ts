/** Events and totals of a ratio on one grid. */
export interface Counts {
  readonly events: Float64Array;
  readonly totals: Float64Array;
}

/** Counts beyond this are nonsense of a source; 2⁵³ is where whole numbers end. */
const LARGEST_COUNT = 2 ** 53;

function isCount(value: number): boolean {
  return value >= 0 && value <= LARGEST_COUNT;
}

/** Blanks intervals in which either count is missing, negative or absurdly large, so that sums never carry nonsense. */
export function cleanCounts(counts: Counts): Counts {
  const events = counts.events.slice();
  const totals = counts.totals.slice();
  for (let index = 0; index < Math.max(events.length, totals.length); index++) {
    if (isCount(events[index] ?? NaN) && isCount(totals[index] ?? NaN)) continue;
    events[index] = NaN;
    totals[index] = NaN;
  }
  return { events, totals };
}
