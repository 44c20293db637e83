/** What an administrator sets for the app. Tokens are written to Grafana's server and never read back. */
export interface AppSettings {
  readonly serviceUrl?: string;
}

export const secrets = ['readToken', 'rollbackToken'] as const;
export type SecretName = (typeof secrets)[number];
