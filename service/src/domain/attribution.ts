import type { Attribution, CommonCause, Onset, RankedCause } from '@bellwether/models';

/** When a shift began, in event time. */
export interface ShiftOnset extends Pick<Onset, 'level' | 'beforeDeployment'> {
  readonly atMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Whose doing a shift is, as a verdict carries it. */
export interface VerdictAttribution {
  readonly sentence: Attribution['sentence'];
  /** Best first, "something else" (without a deployment) among them; the likeliest only. */
  readonly candidates: readonly RankedCause[];
  readonly onset?: ShiftOnset;
  readonly commonCause: CommonCause;
  readonly compared: Compared;
}

/** What was read of other services, and what was not. */
export interface Compared {
  readonly series: number;
  /** Services that were not read, because there are too many or they took too long. */
  readonly servicesLeftOut: number;
  /** Deployments of the time that were not weighed, because there are too many. */
  readonly deploymentsLeftOut: number;
}

/** An attribution in the evidence: its input is stored under its own address and gives the same bits again. */
export interface AttributionEvidence {
  readonly inputHash: string;
  readonly result: VerdictAttribution;
}
