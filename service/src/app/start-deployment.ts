import { deploymentTransitions } from '../domain/deployment-machine.js';
import type { Deployment, Step } from '../domain/deployment.js';
import type { Policy } from '../domain/policy.js';
import { next } from '../domain/state-machine.js';
import type { Verdict } from '../domain/verdict.js';
import { StoreError, type Transaction } from '../store/port.js';
import { announce } from './announce.js';
import { audit } from './audit-trail.js';
import type { AppContext } from './context.js';
import { extendPolicy } from './discovery/extend-policy.js';
import { endWatches } from './end-watches.js';
import { openWatch } from './open-watch.js';
import { permit } from './permit.js';
import { checkRequiredSteps } from './required-check-rules.js';
import { resolvePolicy } from './resolve-policy.js';
import { AppError, type Caller, type StartDeployment } from './use-cases.js';

/** Records a deployment, ends what it supersedes, and begins to watch its first step. */
export async function startDeployment(
  ctx: AppContext,
  caller: Caller,
  command: StartDeployment,
): Promise<Deployment> {
  permit(caller, 'deploy', command);
  const startedAtMs = command.startedAtMs ?? ctx.clock();
  const asked = resolvePolicy(ctx, caller, command);
  checkCanary(command);
  const { policy: planned, plannedSteps } = planSteps(asked, command);
  checkRequiredSteps(planned, plannedSteps);
  const judgedBy = await extendPolicy(ctx, command, planned, startedAtMs);

  const { deployment, verdicts } = await ctx.store
    .transaction(async (tx) => {
      const id = command.id ?? ctx.newId();
      await refuseBackdated(tx, command, startedAtMs);
      const ended = await supersedeOlder(ctx, tx, command);
      const started = await insert(ctx, tx, caller, { ...command, plannedSteps, id }, judgedBy, startedAtMs);
      return { deployment: started, verdicts: ended };
    })
    .catch((error: unknown) => {
      if (error instanceof StoreError && error.code === 'conflict' && command.id !== undefined)
        throw new AppError('conflict', `a deployment "${command.id}" exists already`, {
          field: '/id',
          remedy: 'leave "id" out, or choose one that was never used',
        });
      throw error;
    });
  verdicts.forEach((v) => ctx.feed.publish(v));
  ctx.wake('watches');
  ctx.wake('outbox');
  return deployment;
}

function checkCanary(command: StartDeployment): void {
  if (command.strategy === 'canary' && command.previousVersion === undefined)
    throw new AppError('invalid', 'a canary is compared with the previous version, and none is named', {
      field: '/previousVersion',
      remedy: 'send the version that the control group runs',
    });
}

/**
 * The steps that are planned, those of the policy where a canary names none, and the policy that spends α over them. A release without
 * steps spends all of α on its one step, whatever shares its policy has for canaries.
 */
function planSteps(
  policy: Policy,
  { strategy, plannedSteps }: StartDeployment,
): Pick<Deployment, 'policy' | 'plannedSteps'> {
  const single = [{ name: 'full' }];
  if (plannedSteps.length === 0 && policy.steps !== undefined && strategy !== 'canary')
    return { policy: { ...policy, spending: 'equal' }, plannedSteps: single };
  const steps = plannedSteps.length > 0 ? plannedSteps : (policy.steps ?? single);
  checkSpending(policy, steps.length);
  return { policy, plannedSteps: steps };
}

function checkSpending({ spending }: Policy, planned: number): void {
  if (spending !== 'equal' && spending.length !== planned)
    throw new AppError(
      'invalid',
      `the policy spends α over ${spending.length} steps, and ${planned} are planned`,
      {
        field: '/plannedSteps',
        remedy: 'plan as many steps as the policy has shares, or use "spending": "equal"',
      },
    );
}

/** What runs now began last: an older start would supersede it, and its watch would judge what is long past. */
async function refuseBackdated(
  tx: Transaction,
  command: StartDeployment,
  startedAtMs: number,
): Promise<void> {
  const { project, service, environment } = command;
  const [newest] = (await tx.deployments({ project, service, environment, limit: 1 })).items;
  if (newest === undefined || startedAtMs >= newest.startedAtMs || newest.id === command.id) return;
  throw new AppError('conflict', `deployment ${newest.id} of this service began later than this one`, {
    field: '/startedAt',
    remedy: 'leave "startedAt" out, or check the clock of the caller',
  });
}

async function supersedeOlder(
  ctx: AppContext,
  tx: Transaction,
  command: StartDeployment,
): Promise<readonly Verdict[]> {
  const place = { project: command.project, service: command.service, environment: command.environment };
  const [rolling] = (await tx.deployments({ ...place, state: 'rolling-back', limit: 1 })).items;
  if (rolling !== undefined)
    throw new AppError('conflict', `deployment ${rolling.id} of this service is being rolled back`, {
      remedy: 'wait until it is rolled back (GET it to follow), then deploy',
    });
  const verdicts: Verdict[] = [];
  for (const state of ['running', 'finished', 'rollback-failed'] as const)
    for (const older of (await tx.deployments({ ...place, state, limit: 500 })).items)
      verdicts.push(...(await supersede(ctx, tx, older, command)));
  return verdicts;
}

async function supersede(
  ctx: AppContext,
  tx: Transaction,
  older: Deployment,
  command: StartDeployment,
): Promise<readonly Verdict[]> {
  const state = next(deploymentTransitions, older.state, 'supersede');
  if (state === undefined) return [];
  const superseded: Deployment = { ...older, state, revision: older.revision + 1 };
  await tx.updateDeployment(superseded);
  return endWatches(ctx, tx, superseded, 'supersede', {
    code: 'superseded',
    text: `version ${command.version} was deployed over it`,
  });
}

async function insert(
  ctx: AppContext,
  tx: Transaction,
  caller: Caller,
  command: StartDeployment & { readonly id: string },
  judgedBy: Pick<Deployment, 'policy' | 'discovery'>,
  startedAtMs: number,
): Promise<Deployment> {
  const { policy, discovery } = judgedBy;
  const draft: Deployment = {
    ...command,
    ...judgedBy,
    state: 'running',
    startedAtMs,
    createdAtMs: ctx.clock(),
    actor: '',
    revision: 1,
  };
  const actor = await audit(ctx, tx, caller, 'deployment.start', draft, {
    service: draft.service,
    environment: draft.environment,
    version: draft.version,
    strategy: draft.strategy,
    policy: policy.name,
    ...(discovery === undefined ? {} : { discovery }),
  });
  const deployment: Deployment = { ...draft, actor };
  await tx.insertDeployment(deployment);
  const planned = deployment.plannedSteps[0];
  const step: Step = {
    deploymentId: deployment.id,
    index: 0,
    name: planned?.name ?? command.strategy,
    ...(planned?.trafficShare === undefined ? {} : { trafficShare: planned.trafficShare }),
    startedAtMs,
  };
  await tx.insertStep(step);
  await openWatch(ctx, tx, deployment, step);
  await announce(ctx, tx, 'deployment.started', deployment, deploymentEvent(deployment));
  return deployment;
}

/** What webhooks tell of a deployment. */
export function deploymentEvent(deployment: Deployment): Readonly<Record<string, unknown>> {
  return {
    deploymentId: deployment.id,
    project: deployment.project,
    service: deployment.service,
    environment: deployment.environment,
    version: deployment.version,
    previousVersion: deployment.previousVersion ?? null,
    strategy: deployment.strategy,
    state: deployment.state,
    startedAt: new Date(deployment.startedAtMs).toISOString(),
  };
}
