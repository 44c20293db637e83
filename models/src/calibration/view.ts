/** What a metric can be compared with. */
export type ViewName = 'level' | 'season' | 'control';

/** A forecast from one point of view, for the intervals before and after a moment. */
export interface View {
  readonly name: ViewName;
  readonly before: Float64Array;
  /** NaN where the forecast is silent; for a live control view all NaN until the control's samples come in. */
  readonly after: Float64Array;
  /** What was added to (gauges) or multiplied with (ratios) the reference to match the level just before. */
  readonly correction: number;
}

/** A forecast whose typical error exceeds the best one's by more than this factor is not credible. */
const CREDIBLE = 1.2;
/** Fewer replays than this say nothing about a forecast's error. */
const FEWEST_REPLAYS = 12;

/**
 * Picks the credible forecasts by their errors on placebos.
 *
 * @param errors typical errors of each replay, by view
 * @returns weight of each credible view (precision, 1 / error²), best first; empty when none could be measured
 */
export function credibleViews(
  errors: ReadonlyMap<ViewName, readonly number[]>,
  typical: (values: readonly number[]) => number,
): ReadonlyMap<ViewName, number> {
  const measured = [...errors]
    .filter(([, each]) => each.length >= FEWEST_REPLAYS)
    .map(([name, each]) => ({ name, error: typical(each) + 1e-9 }))
    .sort((a, b) => a.error - b.error);
  const best = measured[0]?.error ?? 0;
  return new Map(
    measured
      .filter(({ error }) => error <= CREDIBLE * best + 1e-9)
      .map(({ name, error }) => [name, error ** -2]),
  );
}
