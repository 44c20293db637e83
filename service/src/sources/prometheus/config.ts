/** A Prometheus-compatible server, with its secrets read. */
export interface PrometheusConfig {
  readonly name: string;
  /** Base of its API, without `/api/v1`; may end in a path such as `/prometheus`. */
  readonly url: string;
  /** Sent with every request: credentials, tenant, whatever a proxy in front wants. */
  readonly headers: Readonly<Record<string, string>>;
  /** For one attempt. */
  readonly timeoutMs: number;
  /** Texts that no message may show. */
  readonly secrets: readonly string[];
}
