import { annotationTargets, type AnnotationSettings } from './config/annotation-targets.js';
import type { Config } from './config/config-schema.js';
import { executorConfigs, webhookEndpoints } from './config/delivery-config.js';
import { ConfigError } from './config/load-config.js';
import { createExecutor, type ExecutorDependencies } from './delivery/executors/create-executor.js';
import { createGuardedFetch, type GuardedFetch } from './delivery/guarded-fetch.js';
import type { RollbackExecutor, WebhookEndpoint } from './delivery/port.js';
import { createUrlGuard, type UrlGuard } from './delivery/url-guard.js';

/** Longest time until a receiver is reached; how long it may work is its own setting. */
const CONNECT_TIMEOUT_MS = 15_000;
/** Enough to log what a receiver says. */
const MAX_RESPONSE_BYTES = 16_384;

/** Everything that reaches out of the service. */
export interface Delivery {
  readonly endpoints: readonly WebhookEndpoint[];
  readonly executors: ReadonlyMap<string, RollbackExecutor>;
  /** Grafanas that deployments are written down in. */
  readonly annotations: readonly AnnotationSettings[];
  readonly guardedFetch: GuardedFetch;
  /** The judge of every URL in the configuration. */
  readonly guard: UrlGuard;
}

/** Reads the secrets and checks the addresses of webhooks, executors and Grafanas. @throws ConfigError naming the field */
export function composeDelivery(
  config: Config,
  environment: NodeJS.ProcessEnv,
  dependencies: Omit<ExecutorDependencies, 'guardedFetch'>,
): Delivery {
  const guard = asConfigured('/egress/allow', () =>
    createUrlGuard({ allow: config.egress.allow, setting: 'egress.allow' }),
  );
  const endpoints = webhookEndpoints(config, environment);
  endpoints.forEach(({ url }, index) => checkUrl(guard, url, `/webhooks/${index}/url`));
  const annotations = annotationTargets(config, environment);
  for (const { target, field } of annotations) checkUrl(guard, target.url, `${field}/url`);
  const guardedFetch = createGuardedFetch(guard, {
    timeoutMs: CONNECT_TIMEOUT_MS,
    maxResponseBytes: MAX_RESPONSE_BYTES,
  });
  const executors = executorConfigs(config, environment).map((executor, index) => {
    const field = `/executors/${index}`;
    if (executor.kind === 'http') checkUrl(guard, executor.url, `${field}/url`);
    return asConfigured(field, () => createExecutor(executor, { guardedFetch, ...dependencies }));
  });
  return {
    ...{ endpoints, annotations, guardedFetch, guard },
    executors: new Map(executors.map((e) => [e.name, e])),
  };
}

/** What a part says of its settings, as an error of the configuration. @throws ConfigError naming the field */
export function asConfigured<T>(field: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new ConfigError(`${field}: ${(cause as Error).message}`, { cause });
  }
}

/** A URL that could never be reached stops the start, not the first delivery. */
export function checkUrl(guard: UrlGuard, url: string, field: string): void {
  const check = guard.checkUrl(url);
  if (check.kind === 'refused') throw new ConfigError(`${field}: ${check.detail}; ${check.remedy}`);
}
