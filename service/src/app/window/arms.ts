import type { Deployment, Step } from '../../domain/deployment.js';

/** Whether a step runs beside a control group: a canary that does not take all traffic yet. */
export function hasControl(deployment: Deployment, step: Step): boolean {
  return (
    deployment.strategy === 'canary' &&
    deployment.rollbackOf === undefined &&
    step.trafficShare !== 1 &&
    !isLastOfSeveral(deployment, step)
  );
}

/** The last of several canary steps takes all traffic unless its share says otherwise. */
function isLastOfSeveral(deployment: Deployment, step: Step): boolean {
  return (
    deployment.plannedSteps.length > 1 &&
    step.index === deployment.plannedSteps.length - 1 &&
    step.trafficShare === undefined
  );
}
