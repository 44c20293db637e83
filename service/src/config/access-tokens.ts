import { createHash } from 'node:crypto';
import type { AccessToken } from '../domain/access.js';
import type { Config } from './config-schema.js';
import { ConfigError } from './load-config.js';
import { readSecret } from './secret.js';

/** Tokens of the configuration by the hash of their text. @throws ConfigError naming the entry */
export function accessTokens(
  config: Config,
  environment: NodeJS.ProcessEnv,
): ReadonlyMap<string, AccessToken> {
  const tokens = config.tokens.map((entry, index): AccessToken => {
    const { name, role, project, service, environment: env } = entry;
    const { id, hash } = identify(entry, index, environment);
    return { id, name, role, project, service, environment: env, hash, createdAtMs: 0 };
  });
  return new Map(tokens.map((token) => [token.hash, token]));
}

function identify(
  entry: Config['tokens'][number],
  index: number,
  environment: NodeJS.ProcessEnv,
): { readonly id: string; readonly hash: string } {
  if (entry.hash !== undefined) return { id: entry.id ?? '', hash: entry.hash.slice('sha256:'.length) };
  try {
    const text = entry.token === undefined ? '' : readSecret(entry.token, environment);
    return {
      id: /^bw_([A-Za-z0-9-]+)_/.exec(text)?.[1] ?? '',
      hash: createHash('sha256').update(text).digest('hex'),
    };
  } catch (cause) {
    throw new ConfigError(`/tokens/${index} ("${entry.name}"): ${(cause as Error).message}`, { cause });
  }
}
