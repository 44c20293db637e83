import type {
  Assessment,
  Attribution,
  AttributionInput,
  CalibrationSummary,
  Carried,
  LiveMetric,
  Snapshot,
} from '@bellwether/models';

/** What a worker is born with. */
export interface EngineWorkerData {
  /** Where calibrations are kept for later; none are when absent. */
  readonly cacheFolder?: string;
  /** Where tuned models of the learned scorer lie; there is the shipped one alone when absent. */
  readonly modelFolder?: string;
}

/** What the event loop asks of an engine worker. */
export type EngineRequest =
  | { readonly kind: 'calibrate'; readonly id: number; readonly watchId: string; readonly snapshot: Snapshot }
  | {
      readonly kind: 'assess';
      readonly id: number;
      readonly watchId: string;
      readonly live: readonly LiveMetric[];
      readonly look: number;
      readonly carried: Carried;
      readonly detail: 'bare' | 'explained';
    }
  | { readonly kind: 'attribute'; readonly id: number; readonly input: AttributionInput }
  | { readonly kind: 'release'; readonly watchId: string };

/** What comes back; `id` pairs it with its request. */
export type EngineReply =
  | { readonly kind: 'calibrated'; readonly id: number; readonly summary: CalibrationSummary }
  | { readonly kind: 'assessed'; readonly id: number; readonly assessment: Assessment }
  | { readonly kind: 'attributed'; readonly id: number; readonly attribution: Attribution }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** What a tuning thread is asked, once. */
export interface TuningRequest {
  readonly snapshot: Snapshot;
  readonly name: string;
  readonly seed: number;
}
