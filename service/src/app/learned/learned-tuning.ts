import type { LearnedModelId } from '@bellwether/models';

/** What came of tuning the learned scorer for a service, or of going back. */
export interface LearnedTuning {
  /** Whether new watches ask the tuned model from now on. */
  readonly isUsed: boolean;
  /** What new watches ask. */
  readonly model: LearnedModelId;
  readonly reason: string;
  /** On quiet moments that were held back: area under the curve of both models, and the 95 % interval of the difference. */
  readonly comparison?: {
    readonly moments: number;
    readonly baseAuc: number;
    readonly tunedAuc: number;
    readonly low: number;
    readonly high: number;
  };
}
