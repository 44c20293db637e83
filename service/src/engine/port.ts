import type {
  Assessment,
  Attribution,
  AttributionInput,
  CalibrationSummary,
  Carried,
  LiveMetric,
  Snapshot,
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
