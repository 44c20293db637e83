import type { Assessment, CalibrationSummary } from '@bellwether/models';
import type { AttributionEvidence } from './attribution.js';
import type { GateInputs } from './gate.js';

/** A plotted metric: history tail and watch on one grid; null where there is no sample or no expectation. */
export interface MetricPlot {
  readonly name: string;
  readonly unit: string;
  /** Event time of the first point; points are `intervalMs` apart. */
  readonly fromMs: number;
  readonly intervalMs: number;
  /** Time after the change that was not judged; absent in what was kept before it was noted. */
  readonly warmupMs?: number;
  readonly live: readonly (number | null)[];
  readonly control?: readonly (number | null)[];
  readonly expected: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** What is kept, content-addressed, when a verdict changes. */
export interface Evidence {
  readonly deploymentId: string;
  readonly watchId: string;
  readonly look: number;
  readonly changeAtMs: number;
  readonly snapshotHash: string;
  /** The live window that was judged: enough, with the snapshot, to judge it again to the same bits. */
  readonly live: readonly {
    readonly name: string;
    readonly treatment: EncodedArm;
    readonly control?: EncodedArm;
  }[];
  readonly carriedIn: Assessment['carried'];
  readonly assessment: Omit<Assessment, 'metrics'> & { readonly metrics: readonly Record<string, unknown>[] };
  readonly calibration: CalibrationSummary;
  /** Required checks and hold as they were at the look: with them the verdict itself can be derived again. */
  readonly gate?: GateInputs;
  readonly attribution?: AttributionEvidence;
  readonly plots: readonly MetricPlot[];
}

/** An arm with NaN written as null. */
export interface EncodedArm {
  readonly shape: 'gauge' | 'ratio' | 'histogram';
  readonly values?: readonly (number | null)[];
  readonly events?: readonly (number | null)[];
  readonly totals?: readonly (number | null)[];
  /** Of a histogram; null is a bucket without an end. */
  readonly upperBounds?: readonly (number | null)[];
  readonly counts?: readonly (readonly (number | null)[])[];
}
