import { createHash } from 'node:crypto';
import { startDeployment } from '../api/deployment-request.js';
import { AppError, type Caller, type UseCases } from '../app/use-cases.js';
import type { Deployment, Place } from '../domain/deployment.js';
import type { HookRule } from '../domain/hook.js';
import type { ChangeEvent } from './change-event.js';
import { decodeValue } from './decode-json.js';

/** A message whose event lies longer back is a replay, or of no use. */
const MAX_AGE_MS = 86_400_000;
/** How often one version may come out again under one key. */
const MOST_RUNS = 1_000;

/** What a message led to. */
export interface Followed {
  readonly outcome: 'began' | 'stepped' | 'finished' | 'cancelled' | 'unchanged' | 'ignored';
  readonly deployment?: Deployment;
  /** Why nothing changed, or not all that was reported. */
  readonly reason?: string;
}

/** Carries out what a tool reports, by the use cases and so by the caller's role and scope. The same message twice changes nothing more. */
export interface FollowContext {
  readonly useCases: UseCases;
  readonly caller: Caller;
  readonly clock: () => number;
  /** Of the hook or the watcher: keys are its own. */
  readonly reporter: string;
  readonly place: Place;
  readonly rule: Pick<HookRule, 'policy' | 'strategy' | 'dependsOn'>;
}

/** @throws AppError when the use cases refuse, HookError when what is reported can't be recorded */
export async function followEvent(ctx: FollowContext, event: ChangeEvent): Promise<Followed> {
  if (event.move === 'remove') return cancel(ctx, await newestOf(ctx), event);
  const { id, run } = await currentRun(ctx, event);
  if (event.move === 'cancel') return cancel(ctx, run, event);
  if (event.move === 'look')
    return run === undefined ? NEVER_BEGAN : { outcome: 'unchanged', deployment: run };
  const begun = run ?? (await beginTimely(ctx, event, id));
  if ('outcome' in begun) return begun;
  const stepped = await stepUpTo(ctx, begun, event.stepIndex ?? 0);
  if (event.move === 'begin') return outcomeOf(run === undefined, stepped);
  return finish(ctx, stepped);
}

const NEVER_BEGAN: Followed = { outcome: 'ignored', reason: 'it never began' };

async function beginTimely(
  ctx: FollowContext,
  event: ChangeEvent,
  id: string,
): Promise<Deployment | Followed> {
  if (event.atMs !== undefined && ctx.clock() - event.atMs > MAX_AGE_MS)
    return { outcome: 'ignored', reason: 'it happened more than a day ago' };
  if (event.settledBy !== undefined && !(await isFollowed(ctx, event, event.settledBy)))
    return { outcome: 'ignored', reason: 'it was out before anybody told of it' };
  const begun = await begin(ctx, event, id);
  return begun ?? { outcome: 'ignored', reason: 'a later deployment of this service is known' };
}

async function isFollowed(ctx: FollowContext, { release }: ChangeEvent, label: string): Promise<boolean> {
  const newest = await newestOf(ctx);
  return newest !== undefined && newest.labels[label] === release.labels[label];
}

interface Stepped {
  readonly deployment: Deployment;
  readonly steps: number;
  /** Why a step that was reported could not begin. */
  readonly reason?: string;
}

function outcomeOf(isNew: boolean, { deployment, steps, reason }: Stepped): Followed {
  const outcome = isNew ? 'began' : steps > 0 ? 'stepped' : 'unchanged';
  return { outcome, deployment, ...(reason === undefined ? {} : { reason }) };
}

/** The deployment that a message is about, and the id that it has or would get. */
async function currentRun(
  { useCases, caller, reporter, place }: FollowContext,
  { key, repeats, move }: ChangeEvent,
): Promise<{ readonly id: string; readonly run?: Deployment }> {
  let known: { readonly id: string; readonly run?: Deployment } | undefined;
  for (let number = 1; number <= MOST_RUNS; number += 1) {
    const id = idOf(reporter, place, key, number);
    const run = await find(useCases, caller, id);
    if (run === undefined) return known ?? { id };
    const startsAnew = repeats !== undefined && move === 'begin' && hasEnded(run, repeats);
    known = startsAnew ? undefined : { id, run };
    if (repeats === undefined) return { id, run };
  }
  return known ?? { id: idOf(reporter, place, key, MOST_RUNS) };
}

function hasEnded({ state }: Deployment, repeats: 'always' | 'once-ended'): boolean {
  const ended: readonly Deployment['state'][] = ['finished', 'cancelled'];
  return repeats === 'always' ? state !== 'running' && state !== 'rolling-back' : ended.includes(state);
}

function idOf(reporter: string, { project, service, environment }: Place, key: string, run: number): string {
  const text = JSON.stringify([project, service, environment, key, ...(run === 1 ? [] : [run])]);
  return `${reporter}-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
}

async function find(useCases: UseCases, caller: Caller, id: string): Promise<Deployment | undefined> {
  try {
    return (await useCases.viewDeployment(caller, id)).deployment;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** @returns undefined where what runs now began later */
async function begin(ctx: FollowContext, event: ChangeEvent, id: string): Promise<Deployment | undefined> {
  const { useCases, caller, place } = ctx;
  const before = await newestOf(ctx);
  const command = decodeValue(startDeployment, { ...startBody(ctx, event, before), id });
  const undone = event.move === 'undo' ? undoneBy(before, command.version) : undefined;
  const rollbackOf = undone === undefined ? {} : { rollbackOf: undone };
  try {
    return await useCases.startDeployment(caller, { ...command, project: place.project, ...rollbackOf });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    if (error.info.field === '/startedAt') return undefined;
    // Two messages at the same moment: one of them began it.
    if (error.info.field === '/id') return find(useCases, caller, id);
    throw error;
  }
}

/** What is reported, as the body of a request: it is held to the same rules. */
function startBody(
  { place, rule, clock }: FollowContext,
  event: ChangeEvent,
  before: Deployment | undefined,
): object {
  const { control, plannedSteps = [], change, ...release } = event.release;
  const strategy = rule.strategy ?? release.strategy ?? 'rolling';
  const previousVersion = release.previousVersion ?? otherVersion(before, release.version);
  const compared = previousVersion ?? (strategy === 'canary' ? control : undefined);
  return {
    ...place,
    ...release,
    ...{ strategy, change },
    startedAt: new Date(Math.min(event.atMs ?? clock(), clock())).toISOString(),
    dependsOn: rule.dependsOn.map((service) => ({ service })),
    ...(compared === undefined ? {} : { previousVersion: compared }),
    ...(plannedSteps.length === 0 ? {} : { plannedSteps }),
    ...(rule.policy === undefined ? {} : { policy: rule.policy }),
  };
}

async function newestOf({ useCases, caller, place }: FollowContext): Promise<Deployment | undefined> {
  return (await useCases.listDeployments(caller, { ...place, limit: 1 })).items[0]?.deployment;
}

function otherVersion(before: Deployment | undefined, version: string): string | undefined {
  if (before === undefined) return undefined;
  return before.version === version ? before.previousVersion : before.version;
}

/** The deployment that an earlier version replaces. */
function undoneBy(before: Deployment | undefined, version: string): string | undefined {
  if (before === undefined || before.version === version || before.rollbackOf !== undefined) return undefined;
  return before.id;
}

async function stepUpTo(
  { useCases, caller, clock }: FollowContext,
  deployment: Deployment,
  index: number,
): Promise<Stepped> {
  const { id, state, plannedSteps } = deployment;
  if (index === 0) return { deployment, steps: 0 };
  if (state !== 'running') return { deployment, steps: 0, reason: `it is ${state}` };
  const { steps } = await useCases.viewDeployment(caller, id);
  let lastMs = steps.at(-1)?.startedAtMs ?? deployment.startedAtMs;
  const wanted = Math.min(index + 1, plannedSteps.length);
  for (let next = steps.length; next < wanted; next += 1) {
    // Steps that were missed begin with the one that is told of, and each has to begin after the one before it.
    lastMs = Math.max(clock(), lastMs + 1);
    const step = { startedAtMs: lastMs };
    const refused = await refusal(() => useCases.beginStep(caller, id, step));
    if (refused !== undefined) return { deployment, steps: next - steps.length, reason: refused };
  }
  return { deployment, steps: Math.max(0, wanted - steps.length) };
}

async function finish({ useCases, caller }: FollowContext, stepped: Stepped): Promise<Followed> {
  const { deployment, reason } = stepped;
  if (deployment.state !== 'running') return { outcome: 'unchanged', deployment };
  const finished = await useCases.finishDeployment(caller, deployment.id);
  return { outcome: 'finished', deployment: finished, ...(reason === undefined ? {} : { reason }) };
}

async function cancel(
  { useCases, caller }: FollowContext,
  deployment: Deployment | undefined,
  { reason }: ChangeEvent,
): Promise<Followed> {
  if (deployment === undefined) return NEVER_BEGAN;
  if (deployment.state !== 'running') return { outcome: 'unchanged', deployment };
  const cancelled = await useCases.cancelDeployment(caller, deployment.id, reason);
  return { outcome: 'cancelled', deployment: cancelled };
}

/** A tool that went on tells what happened already: a refusal is told, and holds nothing up. */
async function refusal(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return error.message;
    throw error;
  }
}
