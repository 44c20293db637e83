import { randomBytes, randomUUID } from 'node:crypto';
import { hashToken } from '../http/authenticate.js';
import type { TokenOptions } from './program.js';

/** A fresh token and what the configuration needs to know of it. */
export interface MintedToken {
  readonly token: string;
  readonly entry: TokenOptions & { readonly id: string; readonly hash: string };
}

/** 256 random bits behind a short public id. */
export function mintToken(options: TokenOptions): MintedToken {
  const id = randomUUID().slice(0, 8);
  const token = `bw_${id}_${randomBytes(32).toString('base64url')}`;
  const { name, role, project, service, environment } = options;
  return {
    token,
    entry: { id, name, role, project, service, environment, hash: `sha256:${hashToken(token)}` },
  };
}

/** What `token create` prints. */
export function describeToken({ token, entry }: MintedToken): string {
  return [
    `Token (shown once):`,
    `  ${token}`,
    ``,
    `Add to "tokens" in the configuration:`,
    `  ${JSON.stringify(entry)}`,
    ``,
  ].join('\n');
}
