import { overlaps, regionOf, type Region } from './region.js';
import type { ListedDeployment } from './wire.js';
import type { ServiceReader } from './service-client.js';

/** A watch is seldom longer; a deployment that began before the visible range may still reach into it. */
const REACH_MS = 6 * 3_600_000;

/** Which deployments are wanted; several values of one field stand for any of them, none for all. */
export interface RegionFilter {
  readonly services: readonly string[];
  readonly environments: readonly string[];
  readonly verdicts: readonly string[];
  readonly label: string;
}

export interface FoundRegions {
  readonly regions: readonly Region[];
  readonly truncated: boolean;
}

/** Deployments of a query that have a moment in common with the range, oldest first. */
export async function findRegions(
  reader: Pick<ServiceReader, 'deployments'>,
  query: RegionFilter,
  range: { readonly fromMs: number; readonly toMs: number; readonly nowMs: number },
): Promise<FoundRegions> {
  const found = await reader.deployments({
    service: only(query.services),
    environment: only(query.environments),
    label: query.label,
    fromMs: range.fromMs - REACH_MS,
    toMs: range.toMs,
  });
  const regions = found.items
    .filter((deployment) => belongs(deployment, query))
    .map((deployment) => regionOf(deployment, range.nowMs))
    .filter((region) => overlaps(region, range.fromMs, range.toMs))
    .filter(({ verdict }) => query.verdicts.length === 0 || query.verdicts.includes(verdict));
  return { regions: regions.toSorted((a, b) => a.fromMs - b.fromMs), truncated: found.truncated };
}

/** The service's API takes one value; of several the answer is filtered here. */
function only(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined;
}

function belongs(deployment: ListedDeployment, query: RegionFilter): boolean {
  const isOneOf = (values: readonly string[], value: string): boolean =>
    values.length === 0 || values.includes(value);
  return isOneOf(query.services, deployment.service) && isOneOf(query.environments, deployment.environment);
}
