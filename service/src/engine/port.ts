import type {
  Assessment,
  Attribution,
  AttributionInput,
  CalibrationSummary,
  Carried,
  LearnedModelId,
  LiveMetric,
  Snapshot,
  TuningOutcome,
} from '@bellwether/models';

/** `explained`: with why it came out so, what would change it, and what is ahead. */
export type LookDetail = 'bare' | 'explained';

/** Runs the science away from the event loop. Calibrations live inside, under the watch's id, until released. */
export interface Engine {
  /** Replays placebos; heavy (up to seconds), once a watch and after a restart. */
  calibrate(watchId: string, snapshot: Snapshot): Promise<CalibrationSummary>;
  /**
   * One look; milliseconds, some more with its explanation and forecasts.
   * @throws Error when the watch was not calibrated here
   */
  assess(
    watchId: string,
    live: readonly LiveMetric[],
    look: number,
    carried: Carried,
    detail?: LookDetail,
  ): Promise<Assessment>;
  /** Whose doing a shift is; tens of milliseconds, and no calibration is needed. */
  attribute(input: AttributionInput): Promise<Attribution>;
  isCalibrated(watchId: string): boolean;
  release(watchId: string): void;
  close(): Promise<void>;
}

/** Models of the learned scorer that were tuned on services' own histories. A place is told by one text. */
export interface LearnedModels {
  /** What new watches at a place ask; undefined: the shipped model. */
  inUse(place: string): LearnedModelId | undefined;
  /** Tunes the shipped model on a history, on a thread of its own; a minute or so. Nothing uses the result yet. */
  tune(snapshot: Snapshot, name: string, seed: number): Promise<TuningOutcome>;
  /** Keeps a tuned model and has new watches at a place ask it. @throws what the disk does */
  use(place: string, model: string, weights: Uint8Array): LearnedModelId;
  /** Has new watches at a place ask the shipped model; no tuned one is removed. */
  useShipped(place: string): void;
}
