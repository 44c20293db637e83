import type { Deployment } from '../../domain/deployment.js';
import type { Reader } from '../../store/port.js';

const PAGE = 500;

/** Where the untouched past ends and which stretches of it belong to other deployments. */
export async function baselineOf(
  reader: Reader,
  deployment: Deployment,
): Promise<{ readonly baselineEndMs: number; readonly excludedMs: readonly (readonly [number, number])[] }> {
  const original =
    deployment.rollbackOf === undefined ? undefined : await reader.deployment(deployment.rollbackOf);
  const baselineEndMs = original?.startedAtMs ?? deployment.startedAtMs;
  const { items } = await reader.deployments({
    project: deployment.project,
    service: deployment.service,
    environment: deployment.environment,
    fromMs: baselineEndMs - deployment.policy.historyMs - deployment.policy.watchMs,
    toMs: baselineEndMs,
    limit: PAGE,
  });
  const earlier = items.filter((d) => d.id !== deployment.id && d.id !== original?.id);
  return {
    baselineEndMs,
    excludedMs: earlier.map((d) => [
      d.startedAtMs,
      Math.max(d.finishedAtMs ?? 0, d.startedAtMs + d.policy.watchMs),
    ]),
  };
}
