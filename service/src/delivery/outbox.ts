import { setMaxListeners } from 'node:events';
import pRetry from 'p-retry';
import type { OutboxMessage } from '../domain/outbox.js';
import { attemptDelivery, type Attempt } from './attempt.js';
import type { Channel } from './channel.js';
import { createEndpointHealth } from './endpoint-health.js';
import type { GuardedFetch } from './guarded-fetch.js';
import { laneOf } from '../domain/outbox-lane.js';
import { deadLetter, decideOutcome, type Outcome } from './outcome.js';
import type { DeliveryLog, OutboxQueue, WebhookEndpoint } from './port.js';
import { defaultRetryPolicy, type RetryPolicy } from './retry.js';
import { parseSecret } from './sign.js';

/** What came of one attempt, for telemetry. */
export interface DeliveryResult {
  readonly kind: Outcome['kind'];
  readonly endpoint: string;
  readonly type: string;
  readonly messageId: string;
  readonly attempts: number;
  readonly durationMs: number;
}

export interface OutboxWorkerOptions {
  readonly queue: OutboxQueue;
  readonly endpoints: readonly WebhookEndpoint[];
  /** What else messages can name as their endpoint; no name may be that of a webhook. */
  readonly channels?: readonly Channel[];
  readonly guardedFetch: GuardedFetch;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: DeliveryLog;
  readonly onResult?: (result: DeliveryResult) => void;
  readonly retry?: RetryPolicy;
  /** Time that a receiver has; default 15,000, the least that Standard Webhooks recommends. */
  readonly timeoutMs?: number;
  /** Messages in flight at once; default 8. */
  readonly concurrency?: number;
  /** Messages in flight at once to one endpoint, so that a hanging one leaves room for others; default half of `concurrency`. */
  readonly concurrencyPerEndpoint?: number;
  /** Longest time until a due message is noticed without `wake`; default 1,000. */
  readonly pollMs?: number;
  /** Wait between attempts to store a result that the store did not take; default 1,000. */
  readonly settleRetryMs?: number;
}

export interface OutboxWorker {
  start(): void;
  /** Looks for due messages now; call it after a transaction that wrote one. */
  wake(): void;
  /** Sends what is due, and what becomes due by that, and resolves when nothing is; messages waiting for a later retry do not count. */
  drain(): Promise<void>;
  /** Takes no new message, waits up to `limitMs` (default 10,000) for those in flight, then cuts them off; they stay waiting and go out again. */
  stop(limitMs?: number): Promise<void>;
  /** Forgets that an endpoint answered 410; call it when somebody asks for a redelivery to it. */
  enable(endpoint: string): void;
}

/**
 * Delivers outbox messages at least once, in order within a lane (see `laneOf`), each with its stable id as `webhook-id`.
 *
 * A message is settled after the receiver answered; when the process dies in between, it is still waiting in the store and goes
 * out again under the same id. An endpoint that answers 410 gets nothing more from this process: its messages become dead letters.
 *
 * @throws Error when two endpoints share a name; BadSecretError for an unusable secret
 */
export function createOutboxWorker(options: OutboxWorkerOptions): OutboxWorker {
  const { queue, clock, random, log } = options;
  const concurrency = options.concurrency ?? 8;
  const perEndpoint = options.concurrencyPerEndpoint ?? Math.max(1, Math.floor(concurrency / 2));
  const timeoutMs = options.timeoutMs ?? 15_000;
  const policy = options.retry ?? defaultRetryPolicy;
  const endpoints = indexEndpoints(options.endpoints);
  const channels = new Map((options.channels ?? []).map((channel) => [channel.name, channel]));
  const health = createEndpointHealth(log);
  const inFlight = new Map<string, { readonly endpoint: string; readonly done: Promise<void> }>();
  let running = false;
  /** False from `stop` to the next `start`; a worker that never started can still be drained. */
  let accepting = true;
  let stopping = openStop();
  let queueFailed = false;
  let looking: Promise<number> = Promise.resolve(0);
  let lookQueued = false;
  let timer: NodeJS.Timeout | undefined;

  /** While the result is not stored the lane stays busy; letting go of it would send the message again and again. */
  const settle = async (outcome: Outcome): Promise<void> => {
    try {
      await queue.settle(outcome.message);
    } catch (error) {
      log.error(
        { err: error, messageId: outcome.message.id },
        'the result of a delivery cannot be stored; still trying',
      );
      await pRetry(() => stored(queue, outcome.message), {
        retries: Number.POSITIVE_INFINITY,
        factor: 2,
        minTimeout: options.settleRetryMs ?? 1_000,
        maxTimeout: 30_000,
        signal: stopping.signal,
      });
    }
  };

  const senderOf = (message: OutboxMessage): (() => Promise<Attempt>) | undefined => {
    const limits = { timeoutMs, signal: stopping.signal };
    const channel = channels.get(message.endpoint);
    if (channel !== undefined) return () => channel.attempt(message, limits);
    const endpoint = endpoints.get(message.endpoint);
    return endpoint && (() => attemptDelivery(message, endpoint, options.guardedFetch, clock, limits));
  };

  const judge = async (message: OutboxMessage): Promise<Outcome | undefined> => {
    const send = senderOf(message);
    if (send === undefined)
      return deadLetter(
        message,
        `endpoint "${message.endpoint}" is not in the configuration; add it there, then redeliver`,
      );
    if (health.isGone(message.endpoint))
      return deadLetter(message, `endpoint "${message.endpoint}" answered 410 to an earlier message`);
    const attempt = await send();
    return attempt.kind === 'aborted'
      ? undefined
      : decideOutcome(message, attempt, { nowMs: clock(), random, policy });
  };

  const deliver = async (message: OutboxMessage): Promise<void> => {
    const startedAtMs = clock();
    try {
      const outcome = await judge(message);
      if (!outcome) return;
      health.note(outcome);
      const durationMs = clock() - startedAtMs;
      await settle(outcome);
      const { endpoint, type, id: messageId, attempts } = outcome.message;
      options.onResult?.({
        kind: outcome.kind,
        endpoint,
        type,
        messageId,
        attempts,
        durationMs,
      });
    } catch (error) {
      log.error(
        { err: error, messageId: message.id, endpoint: message.endpoint },
        'a delivery has no stored result; the message goes out again',
      );
    }
  };

  const hasRoom = (endpoint: string): boolean =>
    inFlight.size < concurrency &&
    [...inFlight.values()].filter((flight) => flight.endpoint === endpoint).length < perEndpoint;

  const launch = (message: OutboxMessage): void => {
    const lane = laneOf(message);
    const done = deliver(message).finally(() => {
      inFlight.delete(lane);
      wake();
    });
    inFlight.set(lane, { endpoint: message.endpoint, done });
  };

  const look = async (): Promise<number> => {
    // What the store says about lanes that are busy now can be out of date by the time it is read.
    const touched = new Set(inFlight.keys());
    const due = await claim();
    let started = 0;
    for (const message of due) {
      if (!accepting || touched.has(laneOf(message)) || !hasRoom(message.endpoint)) continue;
      touched.add(laneOf(message));
      launch(message);
      started += 1;
    }
    return started;
  };

  const claim = async (): Promise<readonly OutboxMessage[]> => {
    try {
      const due = await queue.claimDue(clock(), claimLimit);
      queueFailed = false;
      return due;
    } catch (error) {
      if (!queueFailed) log.error({ err: error }, 'waiting messages cannot be read; still trying');
      queueFailed = true;
      return [];
    }
  };

  /** One look at a time, in turn. */
  const lookInTurn = (): Promise<number> => (looking = looking.then(look));

  const wake = (): void => {
    if (!running || lookQueued) return;
    lookQueued = true;
    clearTimeout(timer);
    void looking
      .then(() => {
        lookQueued = false;
        return running ? lookInTurn() : 0;
      })
      .finally(arm);
  };

  const arm = (): void => {
    clearTimeout(timer);
    if (running) timer = setTimeout(wake, options.pollMs ?? 1_000);
  };

  const flights = () => Promise.all([...inFlight.values()].map(({ done }) => done));

  return {
    start: () => {
      if (running) return;
      running = true;
      accepting = true;
      stopping = openStop();
      wake();
    },
    wake,
    drain: async () => {
      for (;;) {
        const started = await lookInTurn();
        if (started === 0 && inFlight.size === 0) return;
        await flights();
      }
    },
    stop: async (limitMs = 10_000) => {
      running = false;
      accepting = false;
      clearTimeout(timer);
      await withinLimit(looking.then(flights), limitMs, () => stopping.abort());
    },
    enable: (endpoint) => health.enable(endpoint),
  };
}

/** Heads looked at in one go. Enough that lanes of a hanging endpoint cannot fill it for long: each attempt moves its lane into the future. */
const claimLimit = 500;

/** Every delivery in flight listens to it, so that many listeners are no sign of a leak. */
function openStop(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** Waits for `work`; after `limitMs` cuts it off, and leaves it behind if that does not end it either (a store that hangs). */
async function withinLimit(work: Promise<unknown>, limitMs: number, cutOff: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      cutOff();
      timer = setTimeout(resolve, windUpMs);
    }, limitMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** In an error of its own kind, because p-retry takes a TypeError for a bug that no retry heals. */
async function stored(queue: OutboxQueue, message: OutboxMessage): Promise<void> {
  try {
    await queue.settle(message);
  } catch (error) {
    throw new Error('the store did not take the result', { cause: error });
  }
}

/** Time for deliveries that were cut off to end. */
const windUpMs = 500;

function indexEndpoints(endpoints: readonly WebhookEndpoint[]): ReadonlyMap<string, WebhookEndpoint> {
  const index = new Map<string, WebhookEndpoint>();
  for (const endpoint of endpoints) {
    if (index.has(endpoint.name))
      throw new Error(`two webhooks are named "${endpoint.name}"; give each a name of its own`);
    for (const secret of [endpoint.secret, ...(endpoint.previousSecrets ?? [])])
      parseSecret(secret, `secret of webhook "${endpoint.name}"`);
    index.set(endpoint.name, endpoint);
  }
  return index;
}
