import type { DeploymentReport, DeploymentView } from '../app/use-cases.js';
import type { Rollback } from '../domain/rollback.js';
import type { MetricFinding, Verdict } from '../domain/verdict.js';
import type { Watch } from '../domain/watch.js';

/** All that the report page shows: the deployment's own report, and its rollback's watch where that is a deployment of its own. */
export interface ReportPage extends DeploymentReport {
  readonly recovery?: DeploymentView;
}

/** What the watch over a rollback found; `verdict` is absent before its first change. */
export interface Recovery {
  readonly verdict?: Verdict;
  readonly watch?: Watch;
  /** Deployment that records the rollback, when it is another one. */
  readonly deploymentId?: string;
}

/** Whether a watch judges this deployment; on one that was rolled back, a recovery watch speaks of the rollback instead. */
function judgesRelease(page: DeploymentReport, watch: Watch): boolean {
  return watch.kind !== 'recovery' || page.deployment.rollbackOf !== undefined;
}

/** The newest verdict on the deployment itself. */
export function releaseVerdict(page: DeploymentReport): Verdict | undefined {
  const others = new Set(
    page.watches.filter((watch) => !judgesRelease(page, watch)).map((watch) => watch.id),
  );
  return page.verdicts.find((verdict) => !others.has(verdict.watchId)) ?? page.verdicts[0];
}

/** The newest verdict that says something of each metric: an override or a superseded watch does not, what was judged before does. */
export function judgedVerdict(page: DeploymentReport): Verdict | undefined {
  const newest = releaseVerdict(page);
  return newest === undefined || newest.findings.length > 0
    ? newest
    : page.verdicts.find((verdict) => verdict.findings.length > 0);
}

/** The rollback that counts: the one that got farthest in time. */
export function latestRollback(page: DeploymentReport): Rollback | undefined {
  return page.rollbacks.toSorted((a, b) => b.requestedAtMs - a.requestedAtMs)[0];
}

/** The recovery after this deployment's rollback, watched here or on the rollback's own deployment; undefined when there is none. */
export function recoveryOf(page: ReportPage): Recovery | undefined {
  const own = page.watches.find((watch) => !judgesRelease(page, watch));
  if (own !== undefined) {
    const verdict = page.verdicts.find((candidate) => candidate.watchId === own.id);
    return { watch: own, ...(verdict === undefined ? {} : { verdict }) };
  }
  if (page.recovery === undefined) return undefined;
  const [verdict] = page.recovery.verdicts;
  const watch =
    page.recovery.watches.find((candidate) => candidate.kind === 'recovery') ?? page.recovery.watches.at(-1);
  return {
    deploymentId: page.recovery.deployment.id,
    ...(verdict === undefined ? {} : { verdict }),
    ...(watch === undefined ? {} : { watch }),
  };
}

/** The watch that the shown verdict belongs to, else the newest one of the release. */
export function currentWatch(page: DeploymentReport): Watch | undefined {
  const verdict = releaseVerdict(page);
  const release = page.watches.filter((watch) => judgesRelease(page, watch));
  const watching = release
    .filter((watch) => watch.state === 'watching')
    .toSorted((a, b) => b.startedAtMs - a.startedAtMs)[0];
  return watching ?? release.find((watch) => watch.id === verdict?.watchId) ?? release.at(-1);
}

/** Whether the page can still change by itself, so that it is worth loading again. */
export function isMoving(page: ReportPage): boolean {
  const watching = [...page.watches, ...(page.recovery?.watches ?? [])].some(
    (watch) => watch.state === 'watching',
  );
  return (
    watching ||
    page.deployment.state === 'rolling-back' ||
    (page.deployment.state === 'running' && page.verdicts.length === 0)
  );
}

const rank: Readonly<Record<MetricFinding['status'], number>> = {
  harmed: 0,
  insufficient: 1,
  moved: 2,
  quiet: 3,
};

/**
 * Findings by contribution, largest first; equal ones by how much they ask of the reader, then by name. An inconclusive verdict begins
 * with what was missing: that is its reason, and it contributes nothing.
 */
export function rankedFindings(verdict: Verdict): readonly MetricFinding[] {
  const missingFirst = (finding: MetricFinding): number =>
    verdict.value === 'inconclusive' && finding.status === 'insufficient' ? 0 : 1;
  return verdict.findings.toSorted(
    (a, b) =>
      missingFirst(a) - missingFirst(b) ||
      b.contribution - a.contribution ||
      rank[a.status] - rank[b.status] ||
      (a.name < b.name ? -1 : 1),
  );
}

/** The display name behind a pseudonym, or the pseudonym itself once the name was deleted. */
export function personName(page: DeploymentReport, actor: string): string {
  return Object.hasOwn(page.people, actor) ? (page.people[actor] ?? actor) : actor;
}
