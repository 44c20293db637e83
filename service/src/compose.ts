import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AppContext } from './app/context.js';
import { createFreshCheckScheduler } from './app/calibration-check/fresh-check-scheduler.js';
import { createUseCases } from './app/create-use-cases.js';
import { describeAnnotation } from './app/grafana/describe-annotation.js';
import { createLookTroubles } from './app/evaluate/look-troubles.js';
import { createWatchScheduler } from './app/evaluate/watch-scheduler.js';
import { recordPolicies } from './app/record-policies.js';
import { createRollbackRunner } from './app/rollback-runner.js';
import type { UseCases } from './app/use-cases.js';
import { createVerdictFeed } from './app/verdict-feed.js';
import type { Config } from './config/config-schema.js';
import { asConfigured, composeDelivery } from './compose-delivery.js';
import { composeKubernetes } from './compose-kubernetes.js';
import { composeSamples } from './compose-samples.js';
import { composePolicies } from './compose-policies.js';
import { composeScrape } from './compose-scrape.js';
import { composeSources } from './compose-sources.js';
import { createAnnotationChannel } from './delivery/grafana/annotation-channel.js';
import { createOutboxWorker } from './delivery/outbox.js';
import { ANNOTATED_EVENTS } from './domain/grafana-annotation.js';
import type { Verdict } from './domain/verdict.js';
import { placeRules } from './config/place-rules.js';
import { SeriesBooks } from './ingest/series-books.js';
import { openModelFolder } from './engine/model-folder.js';
import { createWorkerEngine } from './engine/worker-engine.js';
import type { Store } from './store/port.js';
import { createAuditWatch } from './telemetry/audit-watch.js';
import { instrumentEngine } from './telemetry/engine-metrics.js';
import { instrumentSource } from './telemetry/instrument-source.js';
import { countSamples } from './telemetry/count-samples.js';
import { createTelemetry, type Telemetry } from './telemetry/metrics.js';
import { createReadiness, type Readiness } from './telemetry/readiness.js';
import { registerScrapeGauges } from './telemetry/scrape-gauges.js';
import { instrumentStore } from './telemetry/store-metrics.js';

/** Clocks of senders differ by so much. */
const MAX_FUTURE_MS = 600_000;
const PRUNE_EVERY_MS = 3_600_000;
/** A service that is restarted more often than every hour must prune too, but not while it is starting. */
const FIRST_PRUNE_MS = 60_000;
/** Rollbacks cut off by a failing store are taken up again this often. */
const ROLLBACK_POLL_MS = 5_000;

/** The running service without its HTTP edge. */
export interface Service {
  readonly useCases: UseCases;
  readonly telemetry: Telemetry;
  readonly books: SeriesBooks;
  /** How every component is. */
  ready(): Promise<Readiness>;
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
export function composeService(parts: ServiceParts): Service {
  const { config, environment, log, clock, publicUrl } = parts;
  const telemetry = createTelemetry();
  const { endpoints, executors, annotations, guardedFetch, guard } = composeDelivery(config, environment, {
    clock,
    onExecution: (e) => telemetry.delivery.attempted(e.executor, e.result.kind, e.durationMs),
  });
  const store = instrumentStore(composeSamples(parts.store, config, environment, guard), telemetry.store);
  const outbox = asConfigured('/webhooks', () =>
    createOutboxWorker({
      queue: {
        claimDue: (nowMs, limit) => store.dueOutbox(nowMs, limit),
        settle: (message) => store.transaction((tx) => tx.updateOutbox(message)),
      },
      endpoints,
      channels: annotations.map(({ endpoint, target }) =>
        createAnnotationChannel({
          ...{ name: endpoint, target, guardedFetch, clock },
          describe: (id) => describeAnnotation(store, publicUrl(), id),
        }),
      ),
      guardedFetch,
      clock,
      random: Math.random,
      log,
      onResult: (result) => telemetry.delivery.delivered(result.endpoint, result.kind, result.durationMs),
    }),
  );
  const { sources, close: closeSources } = composeSources(config, environment, {
    guard,
    store,
    log,
    instrument: (source) => instrumentSource(source, telemetry.sources, clock),
  });
  const policies = composePolicies(config, {
    log,
    registry: telemetry.registry,
    record: (changes) => recordPolicies(ctx, changes),
  });
  const modelFolder = join(config.dataDir, 'learned');
  const learned = openModelFolder(modelFolder);
  const clusters = composeKubernetes(config, environment, { guard, clock, log, metrics: telemetry.hooks });
  // Last of what can fail: its threads would outlive an error.
  const engine = createWorkerEngine(
    config.engineThreads ?? Math.max(1, availableParallelism() - 1),
    (error) => {
      telemetry.engine.crashed();
      log.error({ err: error }, 'an engine thread failed; its watches are calibrated anew');
    },
    { cacheFolder: join(config.dataDir, 'calibrations'), modelFolder },
  );
  const feed = createVerdictFeed();
  const ctx: AppContext = {
    store,
    sources,
    troubles: createLookTroubles(),
    engine: instrumentEngine(engine, telemetry.engine),
    learned,
    feed: {
      ...feed,
      publish(verdict) {
        telemetry.watches.judged(verdict);
        log.info(verdictFields(verdict), 'the verdict changed');
        feed.publish(verdict);
      },
    },
    policies: policies.lookup,
    executors: new Map(config.executors.map((e) => [e.name, e])),
    endpoints: [
      ...endpoints,
      ...annotations.map(({ endpoint, scope }) => ({ name: endpoint, events: ANNOTATED_EVENTS, scope })),
    ],
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
    looked(watch, lagMs, durationMs) {
      telemetry.watches.looked(lagMs, durationMs);
      const { id: watchId, deploymentId, lastLook: look } = watch;
      log.debug({ watchId, deploymentId, look, lagMs, durationMs }, 'a look was taken');
    },
    failed: () => telemetry.watches.lookFailed(),
  });
  const freshChecks = createFreshCheckScheduler(ctx, {
    everyMs: config.calibrationCheck.every,
    openEngine: () =>
      createWorkerEngine(1, (error) => log.warn({ err: error }, 'the thread of a calibration check failed'), {
        modelFolder,
      }),
    isBusy: () => scheduler.status().overdue > 0,
    random: Math.random,
    telemetry: telemetry.calibration,
  });
  const rollbacks = createRollbackRunner(ctx, executors, {
    onEnd({ id: rollbackId, deploymentId, executor }, outcome, durationMs) {
      telemetry.delivery.rolledBack(outcome, durationMs);
      log.info({ rollbackId, deploymentId, executor, outcome, durationMs }, 'a rollback came to its end');
    },
  });
  const books = new SeriesBooks({
    rules: placeRules(config),
    maxSeriesPerToken: config.limits.maxSeriesPerToken,
    maxFutureMs: MAX_FUTURE_MS,
    maxAgeMs: config.retention.samples,
    clock,
  });
  telemetry.ingest.countSeries(() => books.sizes());
  const auditWatch = createAuditWatch({ store, log, clock });
  const useCases = countSamples(
    createUseCases(ctx, (id) => scheduler.evidence(id)),
    telemetry,
  );
  const scrape = composeScrape(config, environment, {
    ...{ guard, books, useCases, log, clock },
    metrics: telemetry.ingest,
  });
  const timers: NodeJS.Timeout[] = [];
  let phase: 'starting' | 'running' | 'stopping' = 'starting';
  for (const { name } of ctx.endpoints) telemetry.delivery.endpointKnown(name);
  for (const name of executors.keys()) telemetry.delivery.executorKnown(name);
  registerScrapeGauges(telemetry.registry, {
    clock,
    scheduler: () => scheduler.status(),
    engine: () => engine.status(),
    store: () => store.statistics(),
    audit: () => auditWatch.last(),
    dataDir: config.dataDir,
  });

  const prune = (): void => {
    const { samples, ticks, evidence, audit } = config.retention;
    store
      .prune(clock(), { samplesMs: samples, ticksMs: ticks, evidenceMs: evidence, auditMs: audit })
      .then((removed) => log.info({ removed }, 'pruned what is older than its retention'))
      .catch((error: unknown) => log.warn({ err: error }, 'pruning failed; it is tried again in an hour'));
  };

  return {
    useCases,
    telemetry,
    books,
    ready: createReadiness({
      clock,
      phase: () => phase,
      // By its primary key, and there is none: the least that a store can be asked.
      store: () => store.deployment(''),
      engine: () => engine.status(),
      scheduler: () => scheduler.status(),
      sources: () => telemetry.sources.lastStates(),
      policies: policies.component,
    }),
    async start() {
      outbox.start();
      await scheduler.start();
      rollbacks.wake();
      auditWatch.start();
      policies.start();
      scrape.start();
      if (config.calibrationCheck.enabled) freshChecks.start();
      clusters.start(useCases);
      phase = 'running';
      timers.push(
        setTimeout(prune, FIRST_PRUNE_MS),
        setInterval(prune, PRUNE_EVERY_MS),
        setInterval(() => rollbacks.wake(), ROLLBACK_POLL_MS),
      );
      for (const timer of timers) timer.unref();
    },
    async stop() {
      phase = 'stopping';
      for (const timer of timers) clearInterval(timer);
      auditWatch.stop();
      await scrape.stop();
      await clusters.stop();
      await policies.stop();
      const watchesRest = scheduler.stop();
      // Looks in progress need not wait for answers: they are taken after the next start.
      closeSources();
      await freshChecks.stop();
      await watchesRest;
      await rollbacks.stop();
      await outbox.stop();
      await engine.close();
      telemetry.stop();
    },
  };
}

/** What a log line says of a verdict. */
function verdictFields(verdict: Verdict): object {
  const { deploymentId, watchId, look, value, rule, guarantee, p, harmProbability, brakes } = verdict;
  return {
    ...{ deploymentId, watchId, look, verdict: value, rule, guarantee, p, harmProbability },
    brakes: brakes.map(({ brake }) => brake),
  };
}
