import type { View, ViewName } from './view.js';

/** Distances of a gauge from its credible forecasts, on the transformed scale; NaN = no sample or no forecast. */
export interface GaugeResiduals {
  /** Weighted mean forecast. */
  readonly expected: Float64Array;
  /** Distance from the weighted mean forecast. */
  readonly around: Float64Array;
  /** Distance beyond all credible forecasts; 0 between them. */
  readonly outside: Float64Array;
}

function beyond(value: number, low: number, high: number): number {
  if (value > high) return value - high;
  return value < low ? value - low : 0;
}

/**
 * @param values transformed series from the first forecast interval on
 * @param part which half of the views the values belong to
 */
export function gaugeResiduals(
  values: Float64Array,
  views: readonly View[],
  weights: ReadonlyMap<ViewName, number>,
  part: 'before' | 'after',
): GaugeResiduals {
  const lines = views.flatMap((view) => {
    const weight = weights.get(view.name);
    return weight === undefined ? [] : [{ line: view[part], weight }];
  });
  const expected = new Float64Array(values.length).fill(NaN);
  const around = expected.slice();
  const outside = expected.slice();
  for (let index = 0; index < values.length; index++) {
    let total = 0;
    let sum = 0;
    let low = Infinity;
    let high = -Infinity;
    for (const { line, weight } of lines) {
      const forecast = line[index] ?? NaN;
      if (Number.isNaN(forecast)) continue;
      total += weight;
      sum += weight * forecast;
      low = Math.min(low, forecast);
      high = Math.max(high, forecast);
    }
    if (total === 0) continue;
    const value = values[index] ?? NaN;
    expected[index] = sum / total;
    around[index] = value - sum / total;
    outside[index] = Number.isNaN(value) ? NaN : beyond(value, low, high);
  }
  return { expected, around, outside };
}
