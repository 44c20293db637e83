import type { CalibratedMetric } from '../calibration/calibrated-metric.js';
import type { Calibration, MetricCalibration } from '../calibration/calibrate.js';
import { SCALE_FLOOR, type GaugeModel } from '../calibration/gauge-model.js';
import { learnedScore, type LearnedLook, type LearnedScan } from '../calibration/learned-replay.js';
import type { Arm, Carried, LearnedPeak, LiveMetric } from '../contract.js';
import { lookLogits, type LookWindow, type WindowScorer } from '../learned/look-window.js';
import { setStepsAfter, stepsAt, warmupSteps } from '../learned/window-steps.js';
import { forwardAll } from '../series/transform.js';
import { comparableLive } from './comparable-live.js';
import { gaugeValues } from './live-trace.js';

const SILENT: LearnedPeak = { score: 0, atLook: 0 };

/** A gauge that the learned scorer is asked about. */
interface Askable {
  readonly metric: CalibratedMetric;
  readonly model: GaugeModel;
  readonly scan: LearnedScan;
}

/** @returns undefined for what the learned scorer is not asked about */
export function askable(metric: MetricCalibration): Askable | undefined {
  if (metric.mode !== 'placebo' || 'lines' in metric.metric) return undefined;
  const { model, learned: scan } = metric.metric;
  return model.shape === 'gauge' && scan !== undefined ? { metric: metric.metric, model, scan } : undefined;
}

/** The watch so far in the steps that its placebos were asked in. */
function liveWindow({ metric, model, scan }: Askable, live: LiveMetric, look: number): LookWindow {
  const { place } = scan;
  const end = stepsAt(look, place.plannedLooks);
  const filled = (line: Float64Array, arm: Arm | undefined): Float64Array => {
    const out = line.slice();
    setStepsAfter(out, forwardAll(model.transform, gaugeValues(arm, look)), 0, end, place);
    return out;
  };
  const last = scan.steps.days.length - 1;
  const steps = {
    today: filled(scan.steps.today, live.treatment),
    days: scan.steps.days.map((day, index) =>
      scan.hasControl && index === last ? filled(day, live.control) : day,
    ),
  };
  const { direction } = metric.rule;
  return { steps, end, warmup: warmupSteps(place), direction, smallestScale: SCALE_FLOOR };
}

/** The window of one metric at one look, blanked where it cannot be compared; undefined for what is not asked about. */
export function windowAt(metric: MetricCalibration, live: LiveMetric, look: number): LookWindow | undefined {
  const asked = askable(metric);
  if (asked === undefined) return undefined;
  const values = gaugeValues(live.treatment, look);
  const isSent = (interval: number): boolean => !Number.isNaN(values[interval] ?? NaN);
  return liveWindow(asked, comparableLive(metric, live, look, isSent).from(0), look);
}

interface Question {
  readonly index: number;
  readonly at: LearnedLook;
  readonly window: LookWindow;
}

/** The metrics whose own look is a declared one; those whose samples come late are asked that much later. */
function questionsAt(
  calibration: Calibration,
  live: readonly LiveMetric[],
  look: number,
): readonly Question[] {
  return calibration.metrics.flatMap((metric, index): readonly Question[] => {
    const asked = askable(metric);
    const samples = live[index];
    if (asked === undefined || samples === undefined) return [];
    const own = look - (asked.metric.rule.lateLooks ?? 0);
    const at = asked.scan.looks.find((each) => each.look === own);
    const window = at && windowAt(metric, samples, own);
    return at === undefined || window === undefined ? [] : [{ index, at, window }];
  });
}

/**
 * The loudest that the learned scorer got about each metric, this look included. It is asked at the declared looks alone, about all
 * metrics at once; in between its last word stands, for live watch and placebos alike.
 *
 * @param scorer without it nobody is asked, and what was said stands
 * @returns undefined for a watch that asks no learned scorer
 */
export function learnedPeaks(
  calibration: Calibration,
  live: readonly LiveMetric[],
  look: number,
  carried: Carried,
  scorer: WindowScorer | undefined,
): readonly LearnedPeak[] | undefined {
  if (calibration.summary.learned === undefined) return undefined;
  const peaks = calibration.metrics.map((_, index) => carried.learned?.[index] ?? SILENT);
  if (scorer === undefined) return peaks;
  const questions = questionsAt(calibration, live, look);
  const logits = lookLogits(
    scorer,
    questions.map(({ window }) => window),
  );
  questions.forEach(({ index, at }, place) => {
    const score = learnedScore(at, logits[place] ?? NaN);
    if (score > (peaks[index]?.score ?? 0)) peaks[index] = { score, atLook: look };
  });
  return peaks;
}
