import type { Deployment, Step } from '../../domain/deployment.js';
import type { MetricSpec } from '../../domain/policy.js';
import { tellsArmsApart } from '../../domain/signal-feeds.js';
import { fillText, variablesOf } from './template.js';

/**
 * Whether a metric is read in two arms. One that reads the same in both is read whole and compared with its past alone; so is every
 * one that goes by the version where a canary changes something else, such as its configuration.
 */
export function isReadBeside(
  deployment: Deployment,
  step: Step,
  spec: Pick<MetricSpec, 'signal' | 'arms'>,
): boolean {
  if (!hasControl(deployment, step)) return false;
  const variables = variablesOf(deployment);
  return tellsArmsApart(spec, (text) => fillText(text, variables));
}

/** Whether a step runs beside a control group: a canary that does not take all traffic yet. */
function hasControl(deployment: Deployment, step: Step): boolean {
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
