import type { Reason } from '@bellwether/models';
import type { Evidence } from '../domain/evidence.js';
import { gate } from '../domain/gate.js';
import { priorFor } from '../domain/tuning.js';
import type { Verdict } from '../domain/verdict.js';
import type { Watch } from '../domain/watch.js';
import type { DeploymentQuery, Page } from '../store/port.js';
import { pseudonymsIn, readCollaboration } from './collaborate/read-collaboration.js';
import type { AppContext } from './context.js';
import { gateInputs } from './evaluate/gate-inputs.js';
import { permit, permittedDeployment } from './permit.js';
import { AppError, type Caller, type DeploymentReport, type DeploymentView } from './use-cases.js';
import { unjudged } from './write-verdict.js';
import type { Deployment } from '../domain/deployment.js';

/** More than any deployment has; the page shows them all. */
const AUDIT_ROWS = 5_000;

/** Newest evidence of a running watch, from memory. */
export type LiveEvidence = (deploymentId: string) => Evidence | undefined;

/** Deployments that the caller may see; a token scoped to one service or environment is kept to it. */
export async function listDeployments(
  ctx: AppContext,
  caller: Caller,
  query: DeploymentQuery,
): Promise<Page<{ readonly deployment: Deployment; readonly verdict?: Verdict }>> {
  const service = query.service ?? (caller.service === '*' ? undefined : caller.service);
  const environment = query.environment ?? (caller.environment === '*' ? undefined : caller.environment);
  permit(caller, 'read', {
    project: query.project,
    ...(service ? { service } : {}),
    ...(environment ? { environment } : {}),
  });
  const page = await ctx.store.deployments({
    ...query,
    ...(service ? { service } : {}),
    ...(environment ? { environment } : {}),
  });
  const verdicts = await ctx.store.latestVerdicts(page.items.map((d) => d.id));
  const items = page.items.map((deployment) => {
    const verdict = verdicts.get(deployment.id);
    return verdict === undefined ? { deployment } : { deployment, verdict };
  });
  return { ...page, items };
}

export async function viewDeployment(ctx: AppContext, caller: Caller, id: string): Promise<DeploymentView> {
  const deployment = await permittedDeployment(ctx.store, caller, 'read', id);
  const [steps, watches, verdicts, rollbacks, feedback, collaboration] = await Promise.all([
    ctx.store.steps(id),
    ctx.store.watches({ deploymentId: id }),
    ctx.store.verdicts(id),
    ctx.store.rollbacks(id),
    ctx.store.feedback(id),
    readCollaboration(ctx, id),
  ]);
  return {
    deployment,
    steps,
    watches,
    verdicts: verdicts
      .toSorted((a, b) => b.sequence - a.sequence)
      .map((verdict, i) => (i === 0 ? ctx.troubles.shownIn(verdict) : verdict)),
    rollbacks,
    feedback,
    collaboration,
  };
}

export async function reportDeployment(
  ctx: AppContext,
  liveEvidence: LiveEvidence,
  caller: Caller,
  id: string,
): Promise<DeploymentReport> {
  const view = await viewDeployment(ctx, caller, id);
  const ticks = await Promise.all(
    view.watches.map(async (watch) =>
      (await ctx.store.ticks(watch.id)).map((tick) => ({ ...tick, watchKind: watch.kind })),
    ),
  );
  const evidence = liveEvidence(id) ?? (await storedEvidence(ctx, view.verdicts));
  const audit = await ctx.store.audit({ deploymentId: id, limit: AUDIT_ROWS });
  return {
    ...view,
    ticks: ticks.flat(),
    audit,
    people: await peopleIn(ctx, [
      ...audit.map((a) => a.actor),
      view.deployment.actor,
      ...pseudonymsIn(view.collaboration),
    ]),
    ...(evidence ? { evidence } : {}),
  };
}

/** Evidence of the newest verdict that kept some. */
async function storedEvidence(
  ctx: AppContext,
  newestFirst: readonly Verdict[],
): Promise<Evidence | undefined> {
  const hash = newestFirst.find((v) => v.evidenceHash !== undefined)?.evidenceHash;
  const bytes = hash === undefined ? undefined : await ctx.store.blob(hash);
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString('utf8')) as Evidence);
}

async function peopleIn(
  ctx: AppContext,
  pseudonyms: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const known: Record<string, string> = {};
  for (const pseudonym of new Set(pseudonyms)) {
    const name = await ctx.store.personBehind(pseudonym);
    if (name !== undefined) known[pseudonym] = name;
  }
  return known;
}

/** The verdict that counts now; before the first look a `pending` one with sequence 0. */
export async function currentVerdict(ctx: AppContext, caller: Caller, id: string): Promise<Verdict> {
  const deployment = await permittedDeployment(ctx.store, caller, 'read', id);
  return ctx.troubles.shownIn((await ctx.store.latestVerdict(id)) ?? (await notYet(ctx, deployment)));
}

async function notYet(ctx: AppContext, deployment: Deployment): Promise<Verdict> {
  const [watch] = await ctx.store.watches({ deploymentId: deployment.id });
  if (watch === undefined) throw new AppError('not-found', `deployment "${deployment.id}" is not watched`);
  const firstLookAtMs = watch.changeAtMs + watch.intervalMs + watch.settleMs;
  const reason = {
    code: 'first-look',
    text: `the first look is due at ${new Date(firstLookAtMs).toISOString()}`,
  };
  return {
    ...unjudged(
      'pending',
      'watching',
      watch,
      priorFor(deployment.policy, watch),
      deployment.startedAtMs,
      reason,
    ),
    id: `${deployment.id}-0`,
    deploymentId: deployment.id,
    sequence: 0,
    stillNeeded: [reason, ...(await neededChecks(ctx, deployment, watch))],
    engineVersion: '',
    decidedAtMs: deployment.createdAtMs,
  };
}

async function neededChecks(
  ctx: AppContext,
  deployment: Deployment,
  watch: Watch,
): Promise<readonly Reason[]> {
  const inputs = await gateInputs(ctx.store, deployment, watch, 0, ctx.clock());
  return inputs === undefined ? [] : gate('pending', inputs).stillNeeded;
}

/** Resolves once the verdict is newer than `knownSequence`, or with the same one after `waitMs`. */
export async function waitForVerdict(
  ctx: AppContext,
  caller: Caller,
  id: string,
  knownSequence: number,
  waitMs: number,
  signal: AbortSignal,
): Promise<Verdict> {
  await permittedDeployment(ctx.store, caller, 'read', id);
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      stop();
    };
    const finish = (): void => {
      done();
      currentVerdict(ctx, caller, id).then(resolve, reject);
    };
    const stop = ctx.feed.listen(id, (verdict) => {
      if (verdict.sequence > knownSequence) finish();
    });
    const timer = setTimeout(finish, waitMs);
    signal.addEventListener('abort', finish, { once: true });
    // A verdict written between the caller's last read and the listening above would otherwise be missed.
    ctx.store.latestVerdict(id).then(
      (verdict) => {
        if (verdict !== undefined && verdict.sequence > knownSequence) finish();
      },
      (error: unknown) => {
        done();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
