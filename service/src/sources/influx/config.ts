/** Where an InfluxDB is and how to get in; secrets are read. */
interface InfluxServer {
  readonly name: string;
  /** With a path where a proxy needs one; no credentials in it. */
  readonly url: string;
  /** Field that a metric name without one means. */
  readonly field: string;
  /** For one attempt, name and connection included. */
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Texts that no message may show. */
  readonly secrets: readonly string[];
  /** PEM texts, and the name in the certificate where it is not the host's. */
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
  };
}

/** InfluxDB 1.x, asked in InfluxQL. */
export interface Influx1Config extends InfluxServer {
  readonly database: string;
  /** Default: that of the database. */
  readonly retentionPolicy?: string;
  readonly username?: string;
  readonly password?: string;
}

/** InfluxDB 2.x, asked in Flux. */
export interface Influx2Config extends InfluxServer {
  readonly org: string;
  readonly bucket: string;
  readonly token: string;
}
