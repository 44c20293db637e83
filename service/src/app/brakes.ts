import type { Deployment } from '../domain/deployment.js';
import { inForce } from '../domain/hold.js';
import type { BrakeApplied, MetricFinding, Verdict } from '../domain/verdict.js';
import type { Reader } from '../store/port.js';
import { objections } from './attribution/objections.js';
import type { AppContext } from './context.js';
import { executorFor } from './executor-for.js';
import { decidersOf } from './evaluate/judge-look.js';
import { controlsInForce } from './controls-in-force.js';

const HOUR_MS = 3_600_000;

/** What an automatic rollback would rest on. */
type Grounds = Pick<Verdict, 'asOfMs' | 'guarantee' | 'findings' | 'reasons' | 'attribution'>;

/**
 * Of what needs no history only counts of two arms that run at the same time are tested exactly. Gauges without a calibrated past
 * falsely accused half of the harmless canaries of a public set, for one fresh instance is always a little different.
 */
function isExact(finding: MetricFinding): boolean {
  return finding.scorer === 'counts' && finding.baseline === 'control';
}

/** Whether one of the metrics that decided is tested exactly; others, advisory ones too, may look harmed without deciding. */
function restsOnExactHarm({ findings, reasons }: Grounds): boolean {
  const deciders = decidersOf(reasons);
  return findings.some((finding) => deciders.has(finding.name) && isExact(finding));
}

/** Evidence older than this many intervals, and than a minute, is no ground to act on by itself. */
const STALE_INTERVALS = 10;
const STALE_AT_LEAST_MS = 60_000;
/** How far back another service's release may have begun that turns bad now. */
const HARM_LOOKBACK_MS = 7 * 86_400_000;

/**
 * Everything that holds an automatic rollback back right now; empty means: act.
 */
export async function brakesOn(
  ctx: AppContext,
  reader: Reader,
  deployment: Deployment,
  verdict: Grounds,
): Promise<readonly BrakeApplied[]> {
  const { policy } = deployment;
  const found: BrakeApplied[] = [];
  const brake = (applies: boolean, name: BrakeApplied['brake'], text: string): void => {
    if (applies) found.push({ brake: name, text });
  };
  brake(
    deployment.rollbackOf !== undefined,
    'is-rollback',
    'this deployment is itself a rollback and is never rolled back automatically',
  );
  brake(policy.mode !== 'act', 'mode', `the policy's mode is "${policy.mode}": people decide`);
  if (found.length > 0) return found;

  const nowMs = ctx.clock();
  const hold = inForce(await reader.hold(deployment.id), nowMs);
  brake(hold?.stopsRollback === true, 'hold', `a person holds rollbacks back too: ${hold?.reason ?? ''}`);
  const controls = await controlsInForce(reader, deployment.project);
  brake(
    controls.killSwitch,
    'kill-switch',
    `the kill switch is on${controls.killSwitchReason ? `: ${controls.killSwitchReason}` : ''}`,
  );
  const freeze = controls.freezeUntilMs ?? 0;
  brake(freeze > nowMs, 'freeze', `automatic action is frozen until ${new Date(freeze).toISOString()}`);
  brake(
    deployment.migration?.reversible === false,
    'irreversible-migration',
    'this deployment carries a migration that cannot be reversed',
  );
  if (policy.executor === undefined) brake(true, 'no-executor', 'the policy names no executor');
  else {
    const executor = executorFor(ctx.executors, policy.executor, deployment);
    if (executor.kind === 'unusable') brake(true, 'no-executor', executor.reason);
  }
  const lateMs = nowMs - verdict.asOfMs - policy.settleMs;
  brake(
    lateMs > Math.max(STALE_INTERVALS * policy.intervalMs, STALE_AT_LEAST_MS),
    'stale-evidence',
    `the evidence is ${Math.round(lateMs / 1000)} s old: Bellwether or its source was away, and people decide`,
  );
  brake(
    verdict.guarantee === 'sequential' && !restsOnExactHarm(verdict),
    'weak-guarantee',
    'the evidence rests on too little history for a calibrated verdict: people decide',
  );
  const recent = await reader.automaticRollbacksSince(deployment.project, nowMs - HOUR_MS);
  const limit = policy.brakes.maxAutomaticRollbacksPerHour;
  brake(
    recent >= limit,
    'rate-limit',
    `${recent} automatic rollbacks in the last hour; the limit is ${limit}`,
  );
  const others = await harmedServices(reader, deployment, nowMs);
  brake(
    others.length >= policy.brakes.commonCauseServices,
    'common-cause',
    `${others.length} other services look harmed at the same time (${others.slice(0, 5).join(', ')}): a common cause is likelier than this deployment`,
  );
  const known = new Set(found.map((one) => one.brake));
  const objecting = verdict.attribution === undefined ? [] : objections(deployment, verdict.attribution);
  return [...found, ...objecting.filter((one) => !known.has(one.brake))];
}

/** Deployments that are read at once, and the most that are read. */
const PAGE = 500;
const MOST_PAGES = 10;

/** Other services of the environment whose verdict turned to rollback within one watch from now; enough of them to brake. */
async function harmedServices(
  reader: Reader,
  deployment: Deployment,
  nowMs: number,
): Promise<readonly string[]> {
  const { project, environment, policy } = deployment;
  const harmed = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, nextCursor } = await reader.deployments({
      project,
      environment,
      verdict: 'rollback',
      fromMs: nowMs - HARM_LOOKBACK_MS,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const latest = await reader.latestVerdicts(items.map(({ id }) => id));
    for (const { id, service } of items) {
      const isRecent = (latest.get(id)?.decidedAtMs ?? 0) >= nowMs - policy.watchMs;
      if (service !== deployment.service && isRecent) harmed.add(service);
    }
    cursor = nextCursor;
    if (cursor === undefined || harmed.size >= policy.brakes.commonCauseServices) break;
  }
  return [...harmed];
}
