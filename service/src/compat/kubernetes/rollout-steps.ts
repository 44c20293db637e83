import type { PlannedStep } from '../../domain/deployment.js';
import type { Workload } from './workload.js';

/** More steps than this spend so little of α each that none could decide; the first ones are watched together then. */
const MOST_STEPS = 50;

/** The weights of an Argo Rollout's canary as steps of ours. */
export interface RolloutSteps {
  readonly planned: readonly PlannedStep[];
  /** Index of the planned step whose weight is in force. */
  readonly reached: number;
}

/** Each `setWeight` that changes the weight is a step, and full traffic the last one; pauses and analyses belong to the step before. */
export function rolloutSteps({ spec, status }: Workload): RolloutSteps | undefined {
  const steps = spec.strategy?.canary?.steps;
  if (!Array.isArray(steps)) return undefined;
  const shares: { readonly share: number; readonly position: number }[] = [];
  for (const [position, step] of steps.entries()) {
    const { setWeight } = step;
    const share = typeof setWeight === 'number' ? setWeight / 100 : NaN;
    if (share > 0 && share <= 1 && share !== shares.at(-1)?.share) shares.push({ share, position });
  }
  if (shares.at(-1)?.share !== 1) shares.push({ share: 1, position: steps.length });
  const kept = shares.slice(-MOST_STEPS);
  const current = status?.currentStepIndex ?? 0;
  return {
    planned: kept.map(({ share }) => ({ name: `${Number((share * 100).toFixed(4))}%`, trafficShare: share })),
    reached: Math.max(0, kept.filter(({ position }) => position <= current).length - 1),
  };
}
