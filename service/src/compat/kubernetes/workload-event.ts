import type { ChangeEvent, Move } from '../change-event.js';
import { oneLine } from '../one-line.js';
import { rolloutSteps } from './rollout-steps.js';
import type { Workload } from './workload.js';
import { workloadVersion } from './workload-version.js';

/** How far a rollout is. */
export interface RolloutProgress {
  readonly move: Extract<Move, 'begin' | 'finish' | 'cancel'>;
  readonly reason?: string;
  readonly stepIndex?: number;
}

/** Label of a deployment: namespace and name of its workload. */
const WORKLOAD_LABEL = 'kubernetes/workload';

const REVISIONS = ['rollout.argoproj.io/revision', 'deployment.kubernetes.io/revision'];

/** The number of a workload's pod template: it rises whenever another one is brought out, also an older one again. */
export function revisionOf({ metadata }: Workload): string | undefined {
  return oneLine(
    REVISIONS.map((name) => metadata.annotations?.[name]).find((one) => one !== undefined),
    200,
  );
}

/** Whether a workload is an Argo Rollout; a notification need not name its kind. */
export function isRollout({ kind, metadata }: Workload): boolean {
  return kind === 'Rollout' || metadata.annotations?.['rollout.argoproj.io/revision'] !== undefined;
}

/**
 * What a workload's present state tells: its newest revision as a deployment, and how far that is.
 * @param previousVersion what ran before, where it is known
 * @returns undefined while no controller has numbered it, and for one without a version
 */
export function workloadEvent(object: Workload, previousVersion?: string): ChangeEvent | undefined {
  const { name, namespace, uid } = object.metadata;
  const revision = revisionOf(object);
  const version = workloadVersion(object);
  if (revision === undefined || version === undefined) return undefined;
  const rollout = isRollout(object);
  const steps = rollout ? rolloutSteps(object) : undefined;
  return {
    kind: 'change',
    subject: { namespace, name, kind: rollout ? 'Rollout' : 'Deployment' },
    key: JSON.stringify([namespace, name, uid ?? '', revision]),
    ...(isReplacing(object) ? {} : { settledBy: WORKLOAD_LABEL }),
    ...(rollout ? rolloutProgress(object, steps?.reached ?? 0) : deploymentProgress(object)),
    release: {
      version,
      ...(previousVersion === undefined || previousVersion === version ? {} : { previousVersion }),
      control: 'stable',
      strategy: strategyOf(object, (steps?.planned.length ?? 0) > 1),
      change: { kind: 'code' },
      labels: {
        [WORKLOAD_LABEL]: `${namespace}/${name}`,
        'kubernetes/revision': revision,
      },
      links: [],
      ...(steps === undefined || steps.planned.length < 2 ? {} : { plannedSteps: steps.planned }),
    },
  };
}

/** Whether pods of two revisions run: one that is only scaled or restarted has pods of one. */
function isReplacing({ status }: Workload): boolean {
  const { currentPodHash: current, stableRS: stable } = status ?? {};
  if (typeof current === 'string' && typeof stable === 'string') return current !== stable;
  return (status?.replicas ?? 0) > (status?.updatedReplicas ?? 0);
}

function strategyOf(
  { spec }: Workload,
  isCanary: boolean,
): 'canary' | 'blue-green' | 'all-at-once' | 'rolling' {
  if (isCanary) return 'canary';
  if ((spec.strategy?.blueGreen ?? undefined) !== undefined) return 'blue-green';
  return spec.strategy?.type === 'Recreate' ? 'all-at-once' : 'rolling';
}

function rolloutProgress({ status }: Workload, stepIndex: number): RolloutProgress {
  if (status?.abort === true || status?.phase === 'Degraded')
    return { move: 'cancel', reason: status.message ?? 'the Rollout was aborted' };
  if (status?.phase === 'Healthy') return { move: 'finish', stepIndex: Number.MAX_SAFE_INTEGER };
  return { move: 'begin', stepIndex };
}

function deploymentProgress({ metadata, spec, status }: Workload): RolloutProgress {
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  const isObserved = Number(status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  if (isObserved && progressing?.reason === 'ProgressDeadlineExceeded')
    return { move: 'cancel', reason: progressing.message ?? 'its progress deadline was exceeded' };
  const wanted = spec.replicas ?? 1;
  const { updatedReplicas, replicas, availableReplicas } = status ?? {};
  const isComplete = [updatedReplicas, replicas, availableReplicas].every((count) => (count ?? 0) === wanted);
  return { move: isObserved && isComplete ? 'finish' : 'begin' };
}
