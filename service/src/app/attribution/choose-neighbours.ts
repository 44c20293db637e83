import { setImmediate as others } from 'node:timers/promises';
import type { MetricKind } from '@bellwether/models';
import type { Deployment } from '../../domain/deployment.js';
import type { MetricSpec } from '../../domain/policy.js';
import type { Reader } from '../../store/port.js';

/** A service that was not deployed for longer is not known well enough. */
const KNOWN_FOR_MS = 30 * 86_400_000;
/** Deployments read to learn which services there are, and how many at once: each brings a policy of some ten kilobytes to decode. */
const MOST_READ = 500;
const READ_AT_ONCE = 100;
const MOST_PER_SERVICE = 2;
/** Series that are read at most, whatever the environment holds. */
const MOST_SERIES = 120;

/** A series of another service, read as its newest deployment's policy says. */
export interface NeighbourSeries {
  readonly deployment: Deployment;
  readonly spec: MetricSpec;
}

/** Which other services are compared, and who calls whom. */
export interface Neighbours {
  readonly series: readonly NeighbourSeries[];
  readonly servicesLeftOut: number;
  readonly dependencies: readonly { readonly service: string; readonly on: readonly string[] }[];
}

/**
 * Series of the kinds that moved, of the other services of the environment: those of rivals first, then what this service depends on and
 * who depends on it, then the others, the most recently deployed first.
 */
export async function chooseNeighbours(
  reader: Pick<Reader, 'deployments'>,
  deployment: Deployment,
  kinds: ReadonlySet<MetricKind>,
  rivalServices: ReadonlySet<string>,
  asOfMs: number,
): Promise<Neighbours> {
  const { environment, service } = deployment;
  const newest = await newestByService(reader, deployment, asOfMs);
  newest.delete(service);
  const dependencies = [deployment, ...newest.values()].flatMap((one) => {
    const on = one.dependsOn
      .filter((other) => (other.environment ?? environment) === environment)
      .map((other) => other.service);
    return on.length === 0 ? [] : [{ service: one.service, on }];
  });
  const ownCallees = new Set(dependencies.find((one) => one.service === service)?.on ?? []);
  const callers = new Set(dependencies.filter(({ on }) => on.includes(service)).map((one) => one.service));
  const rank = ({ service: other }: Deployment): number =>
    rivalServices.has(other) ? 0 : ownCallees.has(other) ? 1 : callers.has(other) ? 2 : 3;
  const ordered = [...newest.values()].toSorted((a, b) => rank(a) - rank(b));
  return { ...seriesOf(ordered, kinds), dependencies };
}

async function newestByService(
  reader: Pick<Reader, 'deployments'>,
  { project, environment }: Deployment,
  asOfMs: number,
): Promise<Map<string, Deployment>> {
  const newest = new Map<string, Deployment>();
  const place = { project, environment, fromMs: asOfMs - KNOWN_FOR_MS, toMs: asOfMs };
  let cursor: string | undefined;
  for (let read = 0; read < MOST_READ; read += READ_AT_ONCE) {
    const after = cursor === undefined ? {} : { cursor };
    const page = await reader.deployments({ ...place, ...after, limit: READ_AT_ONCE });
    for (const one of page.items) if (!newest.has(one.service)) newest.set(one.service, one);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
    await others();
  }
  return newest;
}

function seriesOf(
  deployments: readonly Deployment[],
  kinds: ReadonlySet<MetricKind>,
): Pick<Neighbours, 'series' | 'servicesLeftOut'> {
  const series: NeighbourSeries[] = [];
  let servicesLeftOut = 0;
  for (const deployment of deployments) {
    const specs = deployment.policy.metrics
      .filter(({ kind, criticality }) => kinds.has(kind) && criticality !== 'advisory')
      .slice(0, MOST_PER_SERVICE);
    if (series.length + specs.length > MOST_SERIES) servicesLeftOut += 1;
    else series.push(...specs.map((spec) => ({ deployment, spec })));
  }
  return { series, servicesLeftOut };
}
