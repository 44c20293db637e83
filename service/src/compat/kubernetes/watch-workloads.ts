import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../app/use-cases.js';
import { HookError } from '../change-event.js';
import type { Followed } from '../follow-event.js';
import type { WorkloadFollower } from './follow-workload.js';
import { KubernetesError, type KubernetesApi } from './kubernetes-api.js';
import { workload, type Workload } from './workload.js';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export interface WatchContext {
  readonly api: KubernetesApi;
  readonly follower: WorkloadFollower;
  readonly signal: AbortSignal;
  /** In [0, 1). */
  readonly random: () => number;
  readonly onFollowed: (object: Workload, followed: Followed) => void;
  /** One object could not be recorded. */
  readonly onRefused: (object: Workload, error: unknown) => void;
  /** The watch broke and is tried again after so many milliseconds; told once until it works again. */
  readonly onBroken: (error: unknown) => void;
}

/**
 * Lists, then watches from there, until the signal. A watch that ends goes on from the version that it came to; one whose version is too
 * old (410) begins with a new list. Whatever else breaks is tried again, ever slower.
 */
export async function watchWorkloads(ctx: WatchContext): Promise<void> {
  const position: Position = { failures: 0, isFirst: true };
  while (!ctx.signal.aborted)
    try {
      await watchOnce(ctx, position);
    } catch (error) {
      await recover(ctx, position, error);
    }
}

/** How far a watch has come. */
interface Position {
  /** Version that it goes on from; absent: a new list is needed. */
  from?: string;
  /** In a row. */
  failures: number;
  /** What is there at the very first list came out before; after a gap everything is looked at as a change. */
  isFirst: boolean;
}

async function watchOnce(ctx: WatchContext, position: Position): Promise<void> {
  const from = position.from ?? (await takeAll(ctx, position));
  position.from = from;
  let isQuiet = true;
  for await (const { type, object, resourceVersion } of ctx.api.watch(from, ctx.signal)) {
    position.failures = 0;
    isQuiet = false;
    if (type === 'DELETED') forget(ctx, object);
    else if (type !== 'BOOKMARK') await take(ctx, object, false);
    position.from = resourceVersion;
  }
  // A server that ends every watch at once is not asked in a circle.
  if (isQuiet) await pause(1, ctx);
}

async function takeAll(ctx: WatchContext, position: Position): Promise<string> {
  const { items, resourceVersion } = await ctx.api.list(ctx.signal);
  for (const item of items) await take(ctx, item, position.isFirst);
  position.isFirst = false;
  return resourceVersion;
}

/** Expired once, it is listed anew at once; whatever else broke, or expires again and again, has to wait. */
async function recover(ctx: WatchContext, position: Position, error: unknown): Promise<void> {
  if (ctx.signal.aborted) return;
  const isExpired = error instanceof KubernetesError && error.expired;
  if (isExpired) delete position.from;
  position.failures += 1;
  if (isExpired && position.failures === 1) return;
  if (!isExpired && position.failures === 1) ctx.onBroken(error);
  await pause(position.failures, ctx);
}

async function take(ctx: WatchContext, item: unknown, isFirst: boolean): Promise<void> {
  const decoded = workload.safeParse(item);
  if (!decoded.success) return;
  try {
    ctx.onFollowed(decoded.data, await ctx.follower.seen(decoded.data, isFirst));
  } catch (error) {
    // What may go better next time breaks the watch, and is asked for again.
    if (!isRefusal(error)) throw error;
    ctx.onRefused(decoded.data, error);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof HookError || (error instanceof AppError && error.code !== 'unavailable');
}

function forget({ follower }: WatchContext, item: unknown): void {
  const decoded = workload.safeParse(item);
  if (decoded.success) follower.gone(decoded.data);
}

async function pause(failures: number, { random, signal }: WatchContext): Promise<void> {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
  await sleep(longest * (0.5 + random() / 2), undefined, { signal }).catch(() => undefined);
}
