import type { Permission } from '../../domain/authorise.js';
import type { Deployment } from '../../domain/deployment.js';
import type { Transaction } from '../../store/port.js';
import { announce, type EventType } from '../announce.js';
import { audit } from '../audit-trail.js';
import type { AppContext } from '../context.js';
import { publishDecision } from '../evaluate/publish-decision.js';
import { settleGate } from '../evaluate/settle-gate.js';
import { permitPerson, permittedDeployment } from '../permit.js';
import type { Caller } from '../use-cases.js';

/** What the audit log keeps of a change, and what listeners hear. */
export interface Told {
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly event: EventType;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What was written, and who hears of it. */
export interface Change<T> {
  readonly result: T;
  /** Absent: it was so already, and nobody needs to hear of it. */
  readonly told?: Told;
  /** It can open or close the gate: the verdict is brought up to date with it. */
  readonly movesGate?: boolean;
}

/**
 * One change beside the metrics of a deployment: written, audited, announced and, where it matters, judged, all in one transaction, then
 * told to whoever listens.
 */
export async function changeBeside<T>(
  ctx: AppContext,
  caller: Caller,
  permission: Permission,
  id: string,
  work: (tx: Transaction, deployment: Deployment) => Promise<Change<T>>,
): Promise<T> {
  const { change, decision } = await ctx.store.transaction(async (tx) => {
    const deployment = await permittedDeployment(tx, caller, permission, id);
    permitPerson(caller, deployment);
    const made = await work(tx, deployment);
    if (made.told !== undefined) await record(ctx, tx, caller, deployment, made.told);
    const settled = made.movesGate === true ? await settleGate(ctx, tx, id) : undefined;
    return { change: made, decision: settled };
  });
  if (change.told !== undefined) publishActivity(ctx, id, change.told);
  publishDecision(ctx, decision);
  return change.result;
}

/** Audits and announces a change, in the transaction that makes it. */
export async function record(
  ctx: AppContext,
  tx: Transaction,
  caller: Caller,
  deployment: Deployment,
  { action, detail, event, data }: Told,
): Promise<void> {
  await audit(ctx, tx, caller, action, deployment, detail);
  await announce(ctx, tx, event, deployment, { ...placeOf(deployment), ...data });
}

/** Tells the listeners of this process of a change that was committed. */
export function publishActivity(ctx: AppContext, deploymentId: string, { event, data }: Told): void {
  ctx.feed.publishActivity({ deploymentId, type: event, atMs: ctx.clock(), data });
}

function placeOf({ project, service, environment, version }: Deployment) {
  return { project, service, environment, version };
}
