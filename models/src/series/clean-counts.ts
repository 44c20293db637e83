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
  const isUsable = (index: number): boolean => {
    const events = counts.events[index] ?? NaN;
    const total = counts.totals[index] ?? NaN;
    return isCount(events) && isCount(total);
  };
  const keep = (value: number, index: number): number => (isUsable(index) ? value : NaN);
  return { events: counts.events.map(keep), totals: counts.totals.map(keep) };
}
