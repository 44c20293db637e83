import type { GaugeModel } from '../calibration/gauge-model.js';
import { gaugeResiduals, type GaugeResiduals } from '../calibration/gauge-residuals.js';
import type { RatioModel } from '../calibration/ratio-model.js';
import { poolCounts, trailingRatio } from '../calibration/ratio-views.js';
import type { View } from '../calibration/view.js';
import type { Arm, Direction, HistogramArm, LiveMetric } from '../contract.js';
import { quantileLine } from '../series/histogram-lines.js';
import { cleanGauge } from '../series/clean-gauge.js';
import { cleanCounts, type Counts } from '../series/clean-counts.js';
import { forward, forwardAll } from '../series/transform.js';
import { gaugeTrace } from '../scoring/gauge-trace.js';
import { meanRatios, ratioTrace } from '../scoring/ratio-trace.js';
import type { Trace } from '../scoring/trace.js';

/** A gauge since the change, with what was expected of it (transformed scale). */
export interface LiveGauge {
  readonly trace: Trace;
  readonly residuals: GaugeResiduals;
}

/** A ratio since the change, with its expected value by interval. */
export interface LiveRatio {
  readonly trace: Trace;
  readonly counts: Counts;
  readonly expected: Float64Array;
}

/** The first `look` values of a gauge arm, whatever lies behind them; NaN when the arm has another shape. */
export function gaugeValues(arm: Arm | undefined, look: number): Float64Array {
  const out = new Float64Array(look).fill(NaN);
  if (arm?.shape === 'gauge') out.set(arm.values.subarray(0, look));
  return cleanGauge(out);
}

/** The median of a histogram arm in each of the first `look` intervals; NaN without observations. */
export function medians(arm: HistogramArm, look: number): Float64Array {
  return quantileLine({ ...arm, counts: arm.counts.map((line) => line.subarray(0, look)) }, 0.5);
}

/** The first `look` counts of a ratio arm; NaN when the arm has another shape. */
export function ratioCounts(arm: Arm | undefined, look: number): Counts {
  if (arm?.shape === 'ratio' && arm.events.length >= look && arm.totals.length >= look)
    return cleanCounts({ events: arm.events.subarray(0, look), totals: arm.totals.subarray(0, look) });
  const events = new Float64Array(look).fill(NaN);
  const totals = new Float64Array(look).fill(NaN);
  if (arm?.shape === 'ratio') {
    events.set(arm.events.subarray(0, look));
    totals.set(arm.totals.subarray(0, look));
  }
  return cleanCounts({ events, totals });
}

/** Fills the control view with what the control did up to this look. */
function withLiveControl(views: readonly View[], line: (view: View) => Float64Array): readonly View[] {
  return views.map((view) => (view.name === 'control' ? { ...view, after: line(view) } : view));
}

/** Traces a gauge over the first `look` intervals; samples behind them are not read. */
export function traceGauge(
  model: GaugeModel,
  live: LiveMetric,
  direction: Direction,
  look: number,
): LiveGauge {
  const values = forwardAll(model.transform, gaugeValues(live.treatment, look));
  const views = withLiveControl(model.views, (view) =>
    gaugeValues(live.control, look).map((value) => forward(model.transform, value) + view.correction),
  );
  const residuals = gaugeResiduals(values, views, model.weights, 'after');
  const standardise = (line: Float64Array): Float64Array => line.map((value) => value / model.scale);
  const trace = gaugeTrace(
    standardise(residuals.outside),
    standardise(residuals.around),
    direction,
    model.swings,
  );
  return { trace, residuals };
}

/** Traces a ratio over the first `look` intervals; samples behind them are not read. */
export function traceRatio(model: RatioModel, live: LiveMetric, look: number): LiveRatio {
  const counts = ratioCounts(live.treatment, look);
  const views = withLiveControl(model.views, (view) => {
    const control = poolCounts(ratioCounts(live.control, look));
    return Float64Array.from(
      { length: look },
      (_, index) => view.correction * trailingRatio(control, 0, index),
    );
  });
  const expectedRatios = views.map((view) => view.after);
  const trace = ratioTrace({ ...counts, expectedRatios, baselineTotal: model.baselineTotal });
  return { trace, counts, expected: meanRatios(expectedRatios, look) };
}
