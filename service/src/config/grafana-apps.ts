import type { AccessToken } from '../domain/access.js';
import type { GrafanaRule } from '../domain/grafana-user.js';
import type { Config } from './config-schema.js';

/** Where Grafana publishes the keys that it signs with, below its root URL. */
const KEYS_PATH = '/api/signing-keys/keys';

/** A token of a Grafana app, as configured. */
export interface GrafanaAppSettings {
  readonly tokenId: string;
  /** The entry in the configuration. */
  readonly field: string;
  readonly org: number;
  readonly trustHeaders: boolean;
  readonly allow: readonly GrafanaRule[];
  /** Whose signature is asked for, and where the keys are. */
  readonly signed?: { readonly issuer: string; readonly keysUrl: string };
}

/** The entries of `tokens[]` that are marked as those of Grafana apps. @param tokens those of `accessTokens`, in the same order */
export function grafanaApps(config: Config, tokens: Iterable<AccessToken>): readonly GrafanaAppSettings[] {
  return [...tokens].flatMap(({ id }, index) => {
    const grafana = config.tokens[index]?.grafana;
    if (grafana === undefined) return [];
    const { url, keysUrl = `${url?.replace(/\/+$/, '') ?? ''}${KEYS_PATH}`, ...app } = grafana;
    const signed = url === undefined ? {} : { signed: { issuer: url, keysUrl } };
    return [{ tokenId: id, field: `/tokens/${index}/grafana`, ...app, ...signed }];
  });
}
