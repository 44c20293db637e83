import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { AppContext } from './app/context.js';
import { createUseCases } from './app/create-use-cases.js';
import { createWatchScheduler } from './app/evaluate/watch-scheduler.js';
import { createRollbackRunner } from './app/rollback-runner.js';
import type { UseCases } from './app/use-cases.js';
import { createVerdictFeed } from './app/verdict-feed.js';
import type { Config } from './config/config-schema.js';
import { ConfigError } from './config/load-config.js';
import { executorConfigs, webhookEndpoints } from './config/delivery-config.js';
import { createGuardedFetch } from './delivery/guarded-fetch.js';
import { createExecutor } from './delivery/executors/create-executor.js';
import { createOutboxWorker } from './delivery/outbox.js';
import { createUrlGuard, type UrlGuard } from './delivery/url-guard.js';
import { createWorkerEngine } from './engine/worker-engine.js';
import { createPushSource } from './sources/push/source.js';
import type { Store } from './store/port.js';
import { createTelemetry, type Telemetry } from './telemetry/metrics.js';

/** Longest time until a receiver is reached; how long it may work is its own setting. */
const CONNECT_TIMEOUT_MS = 15_000;
/** Enough to log what a receiver says. */
const MAX_RESPONSE_BYTES = 16_384;
const PRUNE_EVERY_MS = 3_600_000;
/** Rollbacks cut off by a failing store are taken up again this often. */
const ROLLBACK_POLL_MS = 5_000;

/** The running service without its HTTP edge. */
export interface Service {
  readonly useCases: UseCases;
  readonly telemetry: Telemetry;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServiceParts {
  readonly config: Config;
  readonly environment: NodeJS.ProcessEnv;
  readonly store: Store;
  readonly log: Logger;
  readonly clock: () => number;
  readonly publicUrl: string;
}

/** Puts the rooms together. @throws Error naming the configuration field when an endpoint, executor or secret is wrong */
export function composeService({ config, environment, store, log, clock, publicUrl }: ServiceParts): Service {
  const telemetry = createTelemetry(async () => (await store.watches({ state: 'watching' })).length);
  const engine = createWorkerEngine(
    config.engineThreads ?? Math.max(1, availableParallelism() - 1),
    (error) => log.error({ err: error }, 'an engine thread failed; its watches are calibrated anew'),
  );
  const endpoints = webhookEndpoints(config, environment);
  const guard = createUrlGuard({ allow: config.egress.allow, setting: 'egress.allow' });
  endpoints.forEach((endpoint, index) => {
    checkUrl(guard, endpoint.url, `/webhooks/${index}/url`);
  });
  const guardedFetch = createGuardedFetch(guard, {
    timeoutMs: CONNECT_TIMEOUT_MS,
    maxResponseBytes: MAX_RESPONSE_BYTES,
  });
  const executors = new Map(
    executorConfigs(config, environment).map((executor, index) => {
      if (executor.kind === 'http') checkUrl(guard, executor.url, `/executors/${index}/url`);
      const onExecution = (e: { executor: string; result: { kind: string } }): void =>
        telemetry.rollbacks.inc({ executor: e.executor, outcome: e.result.kind });
      return [executor.name, createExecutor(executor, { guardedFetch, clock, onExecution })];
    }),
  );

  const outbox = createOutboxWorker({
    queue: {
      claimDue: (nowMs, limit) => store.dueOutbox(nowMs, limit),
      settle: (message) => store.transaction((tx) => tx.updateOutbox(message)),
    },
    endpoints,
    guardedFetch,
    clock,
    random: Math.random,
    log,
    onResult: (result) => telemetry.deliveries.inc({ endpoint: result.endpoint, outcome: result.kind }),
  });
  const feed = createVerdictFeed();
  const ctx: AppContext = {
    store,
    source: createPushSource(store.samples),
    engine,
    feed: {
      ...feed,
      publish(verdict) {
        telemetry.verdicts.inc({ verdict: verdict.value });
        feed.publish(verdict);
      },
    },
    policies: Object.fromEntries(
      Object.entries(config.policies).map(([name, policy]) => [name, { ...policy, name }]),
    ),
    executorNames: [...executors.keys()],
    endpoints,
    publicUrl,
    clock,
    newId: randomUUID,
    log,
    limits: { maxSeriesPerProject: config.limits.maxSeriesPerProject },
    wake: (what) => {
      const worker = { watches: scheduler, rollbacks, outbox }[what];
      worker.wake();
    },
    reopenEndpoint: (endpoint) => {
      outbox.enable(endpoint);
    },
  };
  const scheduler = createWatchScheduler(ctx, {
    looked(_watch, lagMs, durationMs) {
      telemetry.looks.inc();
      telemetry.lookLagSeconds.observe(Math.max(0, lagMs) / 1000);
      telemetry.lookSeconds.observe(durationMs / 1000);
    },
    failed: () => telemetry.lookFailures.inc(),
  });
  const rollbacks = createRollbackRunner(ctx, executors);
  const useCases = createUseCases(ctx, (id) => scheduler.evidence(id));
  const timers: NodeJS.Timeout[] = [];

  const prune = (): void => {
    const { samples, ticks, evidence, audit } = config.retention;
    store
      .prune(clock(), { samplesMs: samples, ticksMs: ticks, evidenceMs: evidence, auditMs: audit })
      .then((removed) => log.info({ removed }, 'pruned what is older than its retention'))
      .catch((error: unknown) => log.warn({ err: error }, 'pruning failed; it is tried again in an hour'));
  };

  return {
    useCases: {
      ...useCases,
      async pushSamples(caller, batches) {
        const result = await useCases.pushSamples(caller, batches);
        telemetry.samples.inc(result.stored);
        return result;
      },
    },
    telemetry,
    async start() {
      outbox.start();
      await scheduler.start();
      rollbacks.wake();
      timers.push(
        setInterval(prune, PRUNE_EVERY_MS),
        setInterval(() => rollbacks.wake(), ROLLBACK_POLL_MS),
      );
      for (const timer of timers) timer.unref();
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await scheduler.stop();
      await rollbacks.stop();
      await outbox.stop();
      await engine.close();
    },
  };
}

/** A URL that could never be reached stops the start, not the first delivery. */
function checkUrl(guard: UrlGuard, url: string, field: string): void {
  const check = guard.checkUrl(url);
  if (check.kind === 'refused') throw new ConfigError(`${field}: ${check.detail}; ${check.remedy}`);
}
