import type { AccessToken } from '../domain/access.js';
import { hashToken, tokenId } from '../http/authenticate.js';
import type { Config } from './config-schema.js';
import { ConfigError } from './load-config.js';
import { readSecret } from './secret.js';

/** Tokens of the configuration by the hash of their text. @throws ConfigError naming the entry */
export function accessTokens(
  config: Config,
  environment: NodeJS.ProcessEnv,
): ReadonlyMap<string, AccessToken> {
  const tokens = new Map<string, AccessToken>();
  const firstWithId = new Map<string, number>();
  for (const [index, entry] of config.tokens.entries()) {
    const { name, role, project, service, environment: env } = entry;
    const { id, hash } = identify(entry, index, environment);
    const first = firstWithId.get(id);
    if (first !== undefined)
      throw new ConfigError(
        `/tokens/${index} ("${name}"): the id "${id}" is that of /tokens/${first} too; make a token of its own with "bellwether token create"`,
      );
    firstWithId.set(id, index);
    tokens.set(hash, { id, name, role, project, service, environment: env, hash, createdAtMs: 0 });
  }
  return tokens;
}

function identify(
  entry: Config['tokens'][number],
  index: number,
  environment: NodeJS.ProcessEnv,
): { readonly id: string; readonly hash: string } {
  if (entry.hash !== undefined) return { id: entry.id ?? '', hash: entry.hash.slice('sha256:'.length) };
  const field = `/tokens/${index}/token ("${entry.name}")`;
  const text = entry.token === undefined ? '' : tokenText(entry.token, field, environment);
  const id = tokenId(text);
  if (id === undefined)
    throw new ConfigError(`${field}: what is there is no token; make one with "bellwether token create"`);
  return { id, hash: hashToken(text) };
}

function tokenText(
  reference: NonNullable<Config['tokens'][number]['token']>,
  field: string,
  environment: NodeJS.ProcessEnv,
): string {
  try {
    return readSecret(reference, environment);
  } catch (cause) {
    throw new ConfigError(`${field}: ${(cause as Error).message}`, { cause });
  }
}
