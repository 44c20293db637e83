import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Caller, UseCases } from './app/use-cases.js';
import { asConfigured, checkUrl } from './compose-delivery.js';
import { createWorkloadFollower } from './compat/kubernetes/follow-workload.js';
import { createKubernetesApi, type ApiServer } from './compat/kubernetes/kubernetes-api.js';
import { watchWorkloads } from './compat/kubernetes/watch-workloads.js';
import type { Config } from './config/config-schema.js';
import { readSecret } from './config/secret.js';
import { createGuardedFetch } from './delivery/guarded-fetch.js';
import { createGuardedStream } from './delivery/guarded-stream.js';
import type { UrlGuard } from './delivery/url-guard.js';
import type { HookMetrics } from './telemetry/hook-metrics.js';

type ClusterConfig = Config['kubernetes'][number];

const LIST_TIMEOUT_MS = 30_000;
/** 500 objects with all that they carry. */
const MAX_LIST_BYTES = 64 * 1024 * 1024;
const MAX_OBJECT_BYTES = 4 * 1024 * 1024;
/** Longer than the server keeps a watch open without a word: bookmarks come about every minute. */
const IDLE_MS = 300_000;

export interface ClusterWatchers {
  start(useCases: UseCases): void;
  stop(): Promise<void>;
}

interface Parts {
  readonly guard: UrlGuard;
  readonly clock: () => number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly metrics: HookMetrics;
}

/** What watches the clusters of the configuration. @throws ConfigError naming the field */
export function composeKubernetes(
  config: Pick<Config, 'kubernetes'>,
  environment: NodeJS.ProcessEnv,
  parts: Parts,
): ClusterWatchers {
  const stopping = new AbortController();
  const clusters = config.kubernetes.map((cluster, index) => {
    const field = `/kubernetes/${index}`;
    checkUrl(parts.guard, cluster.url, `${field}/url`);
    asConfigured(`${field}/token`, () => readSecret(cluster.token, environment));
    const ca = asConfigured(`${field}/ca`, () => certificate(cluster));
    parts.metrics.known(cluster.name);
    return { cluster, server: reach(cluster, environment, parts.guard, ca) };
  });
  let running: readonly Promise<void>[] = [];
  return {
    start(useCases) {
      running = clusters.flatMap(({ cluster, server }) => {
        const follow = watcherOf(cluster, useCases, parts, stopping.signal);
        return cluster.kinds.map((kind) => {
          const { namespace, selector } = cluster;
          const where = {
            ...(namespace === undefined ? {} : { namespace }),
            ...(selector === undefined ? {} : { selector }),
          };
          return follow(createKubernetesApi(server.api, { kind, ...where }), kind);
        });
      });
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
      await Promise.all(clusters.map(({ server }) => server.close()));
    },
  };
}

/** Plain http, which the guard must allow by name, needs no authority. */
function certificate({ url, ca }: ClusterConfig): string | undefined {
  return url.startsWith('http:') ? undefined : readFileSync(ca, 'utf8');
}

function reach(
  { url, token }: ClusterConfig,
  environment: NodeJS.ProcessEnv,
  guard: UrlGuard,
  ca: string | undefined,
): { readonly api: ApiServer; readonly close: () => Promise<void> } {
  const tls = ca === undefined ? {} : { tls: { ca } };
  const fetch = createGuardedFetch(guard, {
    timeoutMs: LIST_TIMEOUT_MS,
    maxResponseBytes: MAX_LIST_BYTES,
    ...tls,
  });
  const stream = createGuardedStream(guard, { idleMs: IDLE_MS, maxLineBytes: MAX_OBJECT_BYTES, ...tls });
  const base = url.replace(/\/+$/, '');
  const headers = (): Record<string, string> => ({
    accept: 'application/json',
    authorization: `Bearer ${readSecret(token, environment)}`,
  });
  return {
    api: {
      get: (path, signal) =>
        fetch({ url: base + path, method: 'GET', headers: headers(), read: 'whole', signal }),
      lines: (path, signal) => stream({ url: base + path, headers: headers(), signal }),
    },
    close: async () => {
      await Promise.all([fetch.close(), stream.close()]);
    },
  };
}

function watcherOf(
  { name, rules }: ClusterConfig,
  useCases: UseCases,
  { clock, log, metrics }: Parts,
  signal: AbortSignal,
): (api: ReturnType<typeof createKubernetesApi>, kind: string) => Promise<void> {
  const caller: Caller = {
    name: `kubernetes:${name}`,
    role: 'pipeline',
    ...{ project: '*', service: '*', environment: '*' },
    authentication: `kubernetes:${name}`,
  };
  const follower = createWorkloadFollower({ useCases, caller, clock, reporter: name, rules });
  return (api, kind) =>
    watchWorkloads({
      ...{ api, follower, signal, random: Math.random },
      onFollowed: ({ metadata }, { outcome, reason, deployment }) => {
        if (outcome === 'unchanged') return;
        metrics.received(name, outcome);
        if (outcome === 'ignored') return;
        const workload = `${metadata.namespace}/${metadata.name}`;
        log.info({ cluster: name, workload, deploymentId: deployment?.id, reason }, `a rollout ${outcome}`);
      },
      onRefused: ({ metadata }, error) => {
        metrics.received(name, 'refused');
        const workload = `${metadata.namespace}/${metadata.name}`;
        log.warn({ err: error, cluster: name, workload }, 'a rollout could not be recorded');
      },
      onBroken: (error) =>
        log.warn({ err: error, cluster: name, kind }, 'the cluster cannot be watched; it is tried again'),
    });
}
