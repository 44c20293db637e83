import type { CandidateDeployment } from '@bellwether/models';
import type { Deployment } from '../../domain/deployment.js';
import type { Reader } from '../../store/port.js';

/** How long before a deployment another one may have begun to be weighed against it. */
const LOOKBACK_MS = 2 * 3_600_000;
/** Deployments that are weighed, the nearest in time first. */
const MOST_RIVALS = 12;
/** Deployments that are read at once. */
const PAGE = 200;
/** Pages of those that came later, which are read from the other end: more than 2000 deployments within a watch are not weighed one by one. */
const MOST_PAGES = 10;

type RivalReader = Pick<Reader, 'deployments' | 'steps' | 'rollbacks'>;

/** The judged deployment and those that ran about the same time in its environment. */
export interface Candidates {
  readonly judged: CandidateDeployment;
  readonly rivals: readonly CandidateDeployment[];
  readonly leftOut: number;
}

/** @param asOfMs event time up to which is looked: later deployments are no candidates */
export async function findCandidates(
  reader: RivalReader,
  deployment: Deployment,
  asOfMs: number,
): Promise<Candidates> {
  const { startedAtMs } = deployment;
  const earlier = await deploymentsWithin(reader, deployment, startedAtMs - LOOKBACK_MS, startedAtMs, 1);
  const later = await deploymentsWithin(reader, deployment, startedAtMs, asOfMs, MOST_PAGES);
  const items = [...later.items, ...earlier.items];
  const distance = (one: Deployment): number => Math.abs(one.startedAtMs - startedAtMs);
  const others = items
    .filter(({ id }) => id !== deployment.id)
    .toSorted((a, b) => distance(a) - distance(b) || (a.id < b.id ? -1 : 1));
  const weighed = others.slice(0, MOST_RIVALS);
  const rivals: CandidateDeployment[] = [];
  for (const one of weighed) rivals.push(await candidateOf(reader, one, items));
  return {
    judged: await candidateOf(reader, deployment, []),
    rivals,
    // Of more than are read at once nobody counts the rest.
    leftOut: others.length - weighed.length + (earlier.isWhole && later.isWhole ? 0 : 1),
  };
}

/** What began within `[fromMs, toMs)` in the environment of a deployment, newest first. */
async function deploymentsWithin(
  reader: RivalReader,
  { project, environment }: Deployment,
  fromMs: number,
  toMs: number,
  pages: number,
) {
  const items: Deployment[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages; page++) {
    const at = cursor === undefined ? {} : { cursor };
    const read = await reader.deployments({ project, environment, fromMs, toMs, limit: PAGE, ...at });
    items.push(...read.items);
    cursor = read.nextCursor;
    if (cursor === undefined) break;
  }
  return { items, isWhole: cursor === undefined };
}

async function candidateOf(
  reader: RivalReader,
  deployment: Deployment,
  all: readonly Deployment[],
): Promise<CandidateDeployment> {
  const { id, service, version, startedAtMs, policy } = deployment;
  const steps = (await reader.steps(id)).map((step) => step.startedAtMs).sort((a, b) => a - b);
  const undoneAtMs = await undoneAt(reader, deployment, all);
  return {
    id,
    service,
    version,
    beganAtMs: steps.length > 0 ? steps : [startedAtMs],
    prior: policy.prior,
    ...(undoneAtMs === undefined ? {} : { undoneAtMs }),
  };
}

/** When nothing of a deployment ran any more. */
async function undoneAt(
  reader: RivalReader,
  { id, state, service, startedAtMs, finishedAtMs }: Deployment,
  all: readonly Deployment[],
): Promise<number | undefined> {
  if (state === 'cancelled') return finishedAtMs;
  if (state === 'rolled-back') return (await reader.rollbacks(id))[0]?.finishedAtMs;
  if (state !== 'superseded') return undefined;
  const newer = all.filter((one) => one.service === service && one.startedAtMs > startedAtMs);
  return newer.length === 0 ? undefined : Math.min(...newer.map((one) => one.startedAtMs));
}
