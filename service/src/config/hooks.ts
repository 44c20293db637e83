import type { Hook } from '../domain/hook.js';
import type { Config } from './config-schema.js';
import { ConfigError } from './load-config.js';
import { readSecret } from './secret.js';

/** Shorter ones are guessed; GitHub and its like recommend 32 random characters. */
const LEAST_SECRET = 16;

/** The hooks with their secrets. @throws ConfigError naming the field of a secret that is missing or can be guessed */
export function configuredHooks({ hooks }: Config, environment: NodeJS.ProcessEnv): readonly Hook[] {
  return hooks.map(({ secret: reference, ...hook }, index) => {
    if (reference === undefined) return hook;
    const field = `/hooks/${index}/secret`;
    const secret = secretOf(field, () => readSecret(reference, environment));
    if (secret.length < LEAST_SECRET)
      throw new ConfigError(
        `${field}: is shorter than ${LEAST_SECRET} characters; take random ones (openssl rand -hex 32)`,
      );
    return { ...hook, secret };
  });
}

function secretOf(field: string, read: () => string): string {
  try {
    return read();
  } catch (cause) {
    throw new ConfigError(`${field}: ${(cause as Error).message}`, { cause });
  }
}
