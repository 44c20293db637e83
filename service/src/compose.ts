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
import { asConfigured, composeDelivery } from './compose-delivery.js';
import { createOutboxWorker } from './delivery/outbox.js';
import { createWorkerEngine } from './engine/worker-engine.js';
import { createPushSource } from './sources/push/source.js';
import type { Store } from './store/port.js';
import { createTelemetry, type Telemetry } from './telemetry/metrics.js';

const PRUNE_EVERY_MS = 3_600_000;
/** A service that is restarted more often than every hour must prune too, but not while it is starting. */
const FIRST_PRUNE_MS = 60_000;
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
  /** Base of links; asked only once the service is started, for the port may be known no earlier. */
  readonly publicUrl: () => string;
}

/**
 * Puts the rooms together; nothing runs before `start`.
 * @throws ConfigError naming the field when an endpoint, executor or secret is wrong
 */
export function composeService({ config, environment, store, log, clock, publicUrl }: ServiceParts): Service {
  const telemetry = createTelemetry(async () => (await store.watches({ state: 'watching' })).length);
  const { endpoints, executors, guardedFetch } = composeDelivery(config, environment, {
    clock,
    onExecution: (e) => telemetry.rollbacks.inc({ executor: e.executor, outcome: e.result.kind }),
  });
  const outbox = asConfigured('/webhooks', () =>
    createOutboxWorker({
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
    }),
  );
  // Last of what can fail: its threads would outlive an error.
  const engine = createWorkerEngine(
    config.engineThreads ?? Math.max(1, availableParallelism() - 1),
    (error) => log.error({ err: error }, 'an engine thread failed; its watches are calibrated anew'),
  );
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
    executors: new Map(config.executors.map((e) => [e.name, e])),
    endpoints,
    get publicUrl() {
      return publicUrl();
    },
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
        setTimeout(prune, FIRST_PRUNE_MS),
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
