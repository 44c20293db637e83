import type { Assessment, CalibrationSummary, Carried, LiveMetric, Snapshot } from '@bellwether/models';

/** Runs the science away from the event loop. Calibrations live inside, under the watch's id, until released. */
export interface Engine {
  /** Replays placebos; heavy (up to seconds), once a watch and after a restart. */
  calibrate(watchId: string, snapshot: Snapshot): Promise<CalibrationSummary>;
  /** One look; milliseconds. @throws Error when the watch was not calibrated here. */
  assess(watchId: string, live: readonly LiveMetric[], look: number, carried: Carried): Promise<Assessment>;
  isCalibrated(watchId: string): boolean;
  release(watchId: string): void;
  close(): Promise<void>;
}
