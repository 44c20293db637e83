import type { ExecutorConfig } from '../delivery/executors/config.js';
import type { WebhookEndpoint } from '../delivery/port.js';
import type { Config } from './config-schema.js';
import { ConfigError } from './load-config.js';
import { readSecret, type SecretReference } from './secret.js';

/** Webhook endpoints with their secrets read. @throws ConfigError naming the entry */
export function webhookEndpoints(config: Config, environment: NodeJS.ProcessEnv): readonly WebhookEndpoint[] {
  return config.webhooks.map(({ name, url, secret, events }, index) => ({
    name,
    url,
    events,
    secret: secretOf(secret, environment, `/webhooks/${index}/secret ("${name}")`),
  }));
}

/** Executors with their secrets read. @throws ConfigError naming the entry */
export function executorConfigs(config: Config, environment: NodeJS.ProcessEnv): readonly ExecutorConfig[] {
  return config.executors.map((entry, index) => {
    if (entry.kind === 'http') {
      const { kind, name, url, timeout } = entry;
      const secret = secretOf(entry.secret, environment, `/executors/${index}/secret ("${name}")`);
      return { kind, name, url, secret, timeoutMs: timeout };
    }
    const { kind, name, argv, cwd, timeout, retryExitCodes } = entry;
    const path = environment['PATH'];
    return {
      kind,
      name,
      argv,
      timeoutMs: timeout,
      retryableExitCodes: retryExitCodes,
      ...(cwd === undefined ? {} : { cwd }),
      ...(path === undefined ? {} : { path }),
    };
  });
}

function secretOf(reference: SecretReference, environment: NodeJS.ProcessEnv, field: string): string {
  try {
    return readSecret(reference, environment);
  } catch (cause) {
    throw new ConfigError(`${field}: ${(cause as Error).message}`, { cause });
  }
}
