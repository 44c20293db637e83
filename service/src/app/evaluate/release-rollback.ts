import type { Deployment } from '../../domain/deployment.js';
import { inForce } from '../../domain/hold.js';
import type { Transaction } from '../../store/port.js';
import type { AppContext } from '../context.js';
import { writeDecision, type Decision } from './write-decision.js';

/**
 * Decides again on a rollback that nothing but a person's hold kept back, once that hold is over: every brake has its say once more, so
 * that evidence which has grown old meanwhile leaves it to people.
 * @returns undefined when no rollback waits for that
 */
export async function releaseRollback(
  ctx: AppContext,
  tx: Transaction,
  deploymentId: string,
): Promise<Decision | undefined> {
  const latest = await tx.latestVerdict(deploymentId);
  const isHeldBack =
    latest?.value === 'rollback' &&
    latest.brakes.length > 0 &&
    latest.brakes.every(({ brake }) => brake === 'hold');
  if (!isHeldBack || inForce(await tx.hold(deploymentId), ctx.clock())?.stopsRollback === true)
    return undefined;
  const deployment = await tx.deployment(deploymentId);
  if (deployment?.state !== 'running' && deployment?.state !== 'finished') return undefined;
  if (!(await isNewest(tx, deployment))) return undefined;
  const { id, deploymentId: of, sequence, engineVersion, decidedAtMs, hold, ...content } = latest;
  return writeDecision(ctx, tx, deployment, content);
}

/** Rolling an older release back would take away what runs now. */
async function isNewest(tx: Transaction, deployment: Deployment): Promise<boolean> {
  const { project, service, environment } = deployment;
  const [newest] = (await tx.deployments({ project, service, environment, limit: 1 })).items;
  return newest === undefined || newest.id === deployment.id;
}
