import type { ListedDeployment, WireVerdict } from './wire.js';

/** A deployment as a stretch of time: from the change to what its verdict speaks of. Times in milliseconds of event time. */
export interface Region {
  readonly id: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly verdict: string;
  readonly deployment: ListedDeployment;
}

/**
 * The stretch of a deployment: it ends with the interval that the verdict speaks of, and while there is none, now.
 * @param nowMs the present; a pending region grows with it
 */
export function regionOf(deployment: ListedDeployment, nowMs: number): Region {
  const verdict = deployment.latestVerdict;
  const fromMs = Date.parse(deployment.startedAt);
  const endMs = verdict?.final === true ? endOf(verdict) : (finishOf(deployment) ?? nowMs);
  return {
    id: deployment.id,
    fromMs,
    toMs: Math.max(fromMs, endMs),
    verdict: verdict?.verdict ?? 'pending',
    deployment,
  };
}

/** A verdict that ends a watch without judging speaks of no interval; it ends when it was written. */
function endOf(verdict: WireVerdict): number {
  const asOf = Date.parse(verdict.asOf);
  return verdict.look > 0 && Number.isFinite(asOf) ? asOf : Date.parse(verdict.decidedAt);
}

function finishOf({ state, finishedAt }: ListedDeployment): number | undefined {
  return state === 'running' || finishedAt === undefined ? undefined : Date.parse(finishedAt);
}

/** Whether a region has a moment in common with a range of time. */
export function overlaps(region: Region, fromMs: number, toMs: number): boolean {
  return region.fromMs <= toMs && region.toMs >= fromMs;
}

/** When the shift began, if the verdict says so: what attribution found, else the earliest onset of a harmed metric. */
export function onsetOf({ deployment }: Region): number | undefined {
  const verdict = deployment.latestVerdict;
  if (verdict === undefined) return undefined;
  if (verdict.attribution?.onset !== undefined) return Date.parse(verdict.attribution.onset.at);
  const onsets = verdict.metrics
    .filter(({ status }) => status === 'harmed')
    .flatMap(({ onsetAt }) => (onsetAt === undefined ? [] : [Date.parse(onsetAt)]));
  return onsets.length === 0 ? undefined : Math.min(...onsets);
}
