/** Events and totals of a ratio on one grid. */
export interface Counts {
  readonly events: Float64Array;
  readonly totals: Float64Array;
}

/** Blanks intervals in which either count is missing, negative or infinite, so that sums never carry nonsense. */
export function cleanCounts(counts: Counts): Counts {
  const isUsable = (index: number): boolean => {
    const events = counts.events[index] ?? NaN;
    const total = counts.totals[index] ?? NaN;
    return events >= 0 && events < Infinity && total >= 0 && total < Infinity;
  };
  const keep = (value: number, index: number): number => (isUsable(index) ? value : NaN);
  return { events: counts.events.map(keep), totals: counts.totals.map(keep) };
}
