import type { Deployment } from '../../domain/deployment.js';
import type { Reader } from '../../store/port.js';

const PAGE = 500;
/** A rollout that began this long before the history can still reach into it. */
const LONGEST_ROLLOUT_MS = 14 * 86_400_000;

export interface Baseline {
  readonly baselineEndMs: number;
  readonly excludedMs: readonly (readonly [fromMs: number, toMs: number])[];
}

/** Where the untouched past ends and which stretches of it belong to other deployments. */
export async function baselineOf(reader: Reader, deployment: Deployment): Promise<Baseline> {
  const original =
    deployment.rollbackOf === undefined ? undefined : await reader.deployment(deployment.rollbackOf);
  const baselineEndMs = original?.startedAtMs ?? deployment.startedAtMs;
  const earlier = (await deploymentsBefore(reader, deployment, baselineEndMs)).filter(
    (d) => d.id !== deployment.id && d.id !== original?.id,
  );
  const excludedMs: (readonly [number, number])[] = [];
  let nextStartMs = baselineEndMs;
  for (const one of earlier) {
    excludedMs.push([one.startedAtMs, await treatedUntil(reader, one, nextStartMs)]);
    nextStartMs = one.startedAtMs;
  }
  return { baselineEndMs, excludedMs };
}

/** Newest first. */
async function deploymentsBefore(
  reader: Reader,
  deployment: Deployment,
  toMs: number,
): Promise<readonly Deployment[]> {
  const { project, service, environment, policy } = deployment;
  const fromMs = toMs - policy.historyMs - LONGEST_ROLLOUT_MS;
  const found: Deployment[] = [];
  let cursor: string | undefined;
  do {
    const query = { project, service, environment, fromMs, toMs, limit: PAGE };
    const page = await reader.deployments(cursor === undefined ? query : { ...query, cursor });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}

/**
 * When a deployment stopped being news: one watch after its last step began, or when it was finished or rolled back if that came
 * later. One that was judged harmful and left to run is no quiet past until the next one replaced it.
 */
async function treatedUntil(reader: Reader, deployment: Deployment, nextStartMs: number): Promise<number> {
  const [steps, rollbacks, verdict] = await Promise.all([
    reader.steps(deployment.id),
    reader.rollbacks(deployment.id),
    reader.latestVerdict(deployment.id),
  ]);
  const leftHarmful = verdict?.value === 'rollback' && deployment.state !== 'rolled-back';
  if (leftHarmful) return nextStartMs;
  const lastStepMs = steps.at(-1)?.startedAtMs ?? deployment.startedAtMs;
  const rolledBackMs = rollbacks.map((rollback) => rollback.finishedAtMs ?? 0);
  return Math.max(lastStepMs + deployment.policy.watchMs, deployment.finishedAtMs ?? 0, ...rolledBackMs);
}
