import { setTimeout as sleep } from 'node:timers/promises';
import { duration } from '../../api/duration.js';
import { ApiError } from '../api-error.js';
import type { CallOptions, DeploymentsApi } from '../deployments-api.js';
import { isTailing, type Lost, type WatchEnd, type WatchEvent, type WatchState } from './watch-state.js';

/** What following needs of the world around it. */
export interface FollowOptions {
  /** When to stop waiting, in milliseconds since 1970; absent: a while after the planned end of the watch and of what is waited for then. */
  readonly deadlineMs?: number;
  /** How long a service that never answered is tried. */
  readonly firstContactMs: number;
  /** Go on after an early `continue` until the tail of its watch has ended. */
  readonly tail?: boolean;
  readonly clock: () => number;
  readonly stop: AbortSignal;
  readonly tell: (event: WatchEvent) => void;
}

/** One long poll; proxies cut connections that are silent for longer. */
const LONGEST_WAIT_MS = 20_000;
const SHORTEST_WAIT_MS = 250;
/** A look needs a moment to be taken once it is due. */
const LOOK_TAKES_MS = 300;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
/** How long after its planned end a watch may take to say so; also the least time that a watch is followed. */
const GRACE_MS = 600_000;
/** Of a required check whose policy does not say how long it is waited for. */
const USUAL_TIMEOUT_MS = 3_600_000;
/** What keeps a verdict pending for as long as people take. */
const OPEN_ENDED: readonly WatchState['verdict']['rule'][] = ['held', 'awaiting-checks'];
/** Beyond its wait, an answer may take so long. */
const ANSWER_WITHIN_MS = 15_000;

/**
 * Follows a deployment until its verdict is final, the deadline or Ctrl-C: a long poll for the verdict, then the progress of the
 * watch. Where the service does not answer it is asked again; a restart in between ends nothing.
 * @throws ApiError when the service refuses, for instance because there is no such deployment
 */
export async function followDeployment(
  api: DeploymentsApi,
  id: string,
  options: FollowOptions,
): Promise<WatchEnd> {
  let contact: Contact = { sinceMs: options.clock(), failures: 0 };
  for (;;) {
    const end = endOf(contact, options);
    if (end !== undefined) return end;
    contact = await advance(api, id, contact, options);
  }
}

/** How things stand between two questions to the service. */
interface Contact {
  /** When following began. */
  readonly sinceMs: number;
  readonly state?: WatchState;
  readonly lost?: Lost;
  /** Since it last answered. */
  readonly failures: number;
}

async function advance(
  api: DeploymentsApi,
  id: string,
  before: Contact,
  options: FollowOptions,
): Promise<Contact> {
  try {
    const state = await read(api, id, before, options);
    if (before.lost !== undefined)
      options.tell({ kind: 'back', afterMs: options.clock() - before.lost.sinceMs });
    const isNewVerdict = state.verdict.sequence !== before.state?.verdict.sequence;
    options.tell({ kind: 'state', state, isNewVerdict });
    return { sinceMs: before.sinceMs, state, failures: 0 };
  } catch (error) {
    if (options.stop.aborted) return before;
    if (!(error instanceof ApiError) || !error.info.retryable) throw error;
    return withoutAnswer(error, before, options);
  }
}

async function withoutAnswer(error: ApiError, before: Contact, options: FollowOptions): Promise<Contact> {
  const { clock, stop, tell } = options;
  const lost = before.lost ?? { sinceMs: clock(), reason: error.message };
  if (before.lost === undefined) tell({ kind: 'lost', lost });
  const pauseMs = error.info.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** before.failures;
  const contact = { ...before, lost, failures: before.failures + 1 };
  await pause(Math.min(pauseMs, deadlineOf(contact, options) - clock()), stop);
  return contact;
}

function endOf(contact: Contact, options: FollowOptions): WatchEnd | undefined {
  const { state, lost } = contact;
  if (state?.verdict.final === true && !(options.tail === true && isTailing(state)))
    return { kind: 'final', state };
  if (options.stop.aborted) return { kind: 'interrupted', state };
  const nowMs = options.clock();
  const deadlineMs = deadlineOf(contact, options);
  if (state !== undefined) return nowMs >= deadlineMs ? late(state, lost) : undefined;
  if (lost === undefined || nowMs < Math.min(deadlineMs, lost.sinceMs + options.firstContactMs))
    return undefined;
  return { kind: 'never-reached', lost, message: lost.reason };
}

/** The verdict before a tail stands while nobody says otherwise. */
function late(state: WatchState, lost: Lost | undefined): WatchEnd {
  return state.verdict.final && lost === undefined
    ? { kind: 'final', state }
    : { kind: 'timed-out', state, lost };
}

async function read(
  api: DeploymentsApi,
  id: string,
  contact: Contact,
  options: FollowOptions,
): Promise<WatchState> {
  const before = contact.state;
  const waitMs = before === undefined ? 0 : untilNextLook(before, deadlineOf(contact, options), options);
  const call: CallOptions = { retries: 0, signal: options.stop, timeoutMs: waitMs + ANSWER_WITHIN_MS };
  const verdict = await api.verdict(id, { after: before?.verdict.sequence, wait: `${waitMs}ms` }, call);
  const progress = await api.progress(id, call);
  // What else there is of a deployment changes with its verdicts only, as far as this view shows it.
  const isKnown = before !== undefined && before.verdict.sequence === verdict.sequence;
  const deployment = isKnown ? before.deployment : await api.show(id, call);
  return { deployment, verdict, progress };
}

/** Until the next look is due; one that is overdue, for instance because a person holds the deployment, is asked for ever less often. */
function untilNextLook(state: WatchState, deadlineMs: number, options: FollowOptions): number {
  const nowMs = options.clock();
  const { nextLookAt } = state.progress;
  const aheadMs = nextLookAt === undefined ? Infinity : Date.parse(nextLookAt) + LOOK_TAKES_MS - nowMs;
  const wantedMs = Math.max(SHORTEST_WAIT_MS, Math.min(LONGEST_WAIT_MS, Math.abs(aheadMs)));
  return Math.round(Math.max(0, Math.min(wantedMs, deadlineMs - nowMs)));
}

/** Never while the service says that it waits for people; a watch that is taken up long after its planned end is followed for a while, too. */
function deadlineOf({ state, lost, sinceMs }: Contact, { deadlineMs }: FollowOptions): number {
  if (deadlineMs !== undefined) return deadlineMs;
  if (state?.progress.watch === undefined) return Infinity;
  const { watch } = state.progress;
  if (lost === undefined && OPEN_ENDED.includes(state.verdict.rule)) return Infinity;
  const plannedMs = watch.plannedLooks * duration.parse(watch.interval) + duration.parse(watch.settle);
  const endMs = Date.parse(watch.changeAt) + plannedMs + longestTimeoutMs(state);
  return Math.max(endMs, lost?.sinceMs ?? sinceMs) + GRACE_MS;
}

function longestTimeoutMs({ deployment: { policy } }: WatchState): number {
  const timeouts = (policy.requiredChecks ?? []).map(({ timeout }) =>
    timeout === undefined ? USUAL_TIMEOUT_MS : duration.parse(timeout),
  );
  return Math.max(0, ...timeouts);
}

async function pause(ms: number, stop: AbortSignal): Promise<void> {
  // Ctrl-C ends the pause; the loop sees it.
  await sleep(Math.max(0, Math.min(ms, LONGEST_PAUSE_MS)), undefined, { signal: stop }).catch(
    () => undefined,
  );
}
