import { createSession } from 'better-sse';
import type { Session } from 'better-sse';
import type { Request, Response } from 'express';
import { instantText, presentVerdict } from '../app/present.js';
import type { Caller, DeploymentView } from '../app/use-cases.js';
import type { Activity } from '../app/verdict-feed.js';
import type { Verdict } from '../domain/verdict.js';
import type { RouterDeps } from './router-deps.js';
import type { StreamSlots } from './stream-slots.js';

const RECONNECT_MS = 2_000;

/**
 * Sends verdicts as server-sent events (`event: verdict`, `id:` the sequence): those since `Last-Event-ID`, else the newest
 * one, then each as it comes. What is done besides (checks, holds, notes) comes as `event: activity`, only while connected. Comments keep the connection alive. It ends when the client leaves, the server stops or the
 * stream is old.
 */
export async function streamVerdicts(
  deps: RouterDeps,
  slots: StreamSlots,
  of: { readonly caller: Caller; readonly id: string },
  request: Request,
  response: Response,
): Promise<void> {
  const { useCases, limits, stopping } = deps;
  const view = await useCases.viewDeployment(of.caller, of.id);
  const release = slots.take(of.caller);
  response.on('close', release);
  // Listening begins before the past is read, so that nothing falls between the two.
  const early: Verdict[] = [];
  let send = (verdict: Verdict): void => void early.push(verdict);
  const stopListening = await useCases.onVerdict(of.caller, of.id, (verdict) => send(verdict));
  response.on('close', stopListening);
  const earlyActivity: Activity[] = [];
  let tell = (activity: Activity): void => void earlyActivity.push(activity);
  const stopActivity = await useCases.onActivity(of.caller, of.id, (activity) => tell(activity));
  response.on('close', stopActivity);
  try {
    const past = await pastVerdicts(deps, of, lastEventId(request));
    // A buffering proxy would hold events back.
    response.set({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    const session = await createSession(request, response, {
      retry: RECONNECT_MS,
      keepAlive: limits.heartbeatMs,
    });
    const pushes = inOrder(session, view);
    send = pushes.verdict;
    tell = pushes.activity;
    for (const verdict of [...past, ...early]) send(verdict);
    earlyActivity.forEach(tell);
    endLater(response, stopping, limits.streamLifetimeMs);
  } catch (error) {
    stopListening();
    stopActivity();
    release();
    throw error;
  }
}

/** Oldest first; without an id the verdict that counts now. */
async function pastVerdicts(
  { useCases }: RouterDeps,
  { caller, id }: { readonly caller: Caller; readonly id: string },
  lastId: number | undefined,
): Promise<readonly Verdict[]> {
  const current = await useCases.currentVerdict(caller, id);
  if (lastId === undefined) return [current];
  const { verdicts } = await useCases.viewDeployment(caller, id);
  return verdicts.filter((verdict) => verdict.sequence > lastId).toSorted((a, b) => a.sequence - b.sequence);
}

interface Pushes {
  readonly verdict: (verdict: Verdict) => void;
  readonly activity: (activity: Activity) => void;
}

/** Pushes each sequence once. What happens in between carries the id of the verdict before it, from which a client comes back. */
function inOrder(session: Session, { deployment }: DeploymentView): Pushes {
  let sent = -1;
  return {
    verdict(verdict) {
      if (verdict.sequence <= sent || !session.isConnected) return;
      sent = verdict.sequence;
      session.push(presentVerdict(verdict, deployment), 'verdict', String(verdict.sequence));
    },
    activity({ type, atMs, data }) {
      if (session.isConnected)
        session.push({ type, at: instantText(atMs), data }, 'activity', String(Math.max(0, sent)));
    },
  };
}

function endLater(response: Response, stopping: AbortSignal, lifetimeMs: number): void {
  const end = (): void => void response.end();
  const timer = setTimeout(end, lifetimeMs).unref();
  stopping.addEventListener('abort', end, { once: true });
  response.on('close', () => {
    clearTimeout(timer);
    stopping.removeEventListener('abort', end);
  });
  if (stopping.aborted) end();
}

function lastEventId(request: Request): number | undefined {
  const id = request.get('last-event-id') ?? '';
  return /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}
