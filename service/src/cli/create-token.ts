import { randomBytes, randomUUID } from 'node:crypto';
import { hashToken } from '../http/authenticate.js';
import type { Role } from '../domain/access.js';
import type { CommandResult } from './print-result.js';

/** Who or what a token is for, and what it is good for; `*` stands for all. */
export interface TokenOptions {
  readonly name: string;
  readonly role: Role;
  readonly project: string;
  readonly service: string;
  readonly environment: string;
}

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
export function describeToken({ token, entry }: MintedToken): CommandResult {
  const text = [
    `Token (shown once):`,
    `  ${token}`,
    ``,
    `Add to "tokens" in the configuration:`,
    `  ${JSON.stringify(entry)}`,
  ].join('\n');
  return { text, data: { token, entry } };
}
