import { z } from 'zod';
import { durationBetween } from '../api/duration.js';
import { sourceName } from '../api/signal.js';
import { optional, strictObject } from '../api/strict-object.js';
import { secretReference } from './secret.js';

const file = z.string().min(1);

const tls = strictObject({
  /** Certificates (PEM files) of the authorities that are trusted, instead of the public ones. */
  ca: optional(file),
  /** The client's own certificate and its key (PEM files). */
  cert: optional(file),
  key: optional(file),
  /** Name that the server's certificate must be for, instead of the host of the URL. */
  serverName: optional(z.string().min(1)),
}).refine(
  ({ cert, key }) => (cert === undefined) === (key === undefined),
  'has only one of "cert" and "key"; give both',
);

/** What every kind of source over HTTP has. */
export const overHttp = {
  name: sourceName,
  /** Base of its API; private and plain http addresses must be listed in "egress.allow". */
  url: z.url(),
  /** For one attempt at a query. */
  timeout: durationBetween('100ms', '5m').prefault('10s'),
  tls: optional(tls),
  /** The project whose policies may name it; `*` stands for all. */
  project: z.string().min(1).max(128).default('*'),
};

const prometheusSource = strictObject({
  kind: z.literal('prometheus'),
  ...overHttp,
  headers: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is not a header name; use letters, digits and dashes'),
      z.union([z.string(), secretReference]),
    )
    .default({}),
  bearerToken: optional(secretReference),
  basicAuth: optional(strictObject({ username: z.string().min(1), password: secretReference })),
  /** Sent as X-Scope-OrgID: the tenant of Mimir, Cortex or Loki. */
  tenant: optional(z.string().min(1)),
}).refine(
  ({ bearerToken, basicAuth }) => bearerToken === undefined || basicAuth === undefined,
  'has both "bearerToken" and "basicAuth"; give one of them',
);

/** What every InfluxDB has. */
const influx = {
  ...overHttp,
  /** The field that a metric without one means: `cpu` is `cpu.value`. */
  field: z.string().min(1).max(200).default('value'),
};

const influx1Source = strictObject({
  kind: z.literal('influxdb1'),
  ...influx,
  database: z.string().min(1),
  /** Default: that of the database. */
  retentionPolicy: optional(z.string().min(1)),
  username: optional(z.string().min(1)),
  password: optional(secretReference),
}).refine(
  ({ username, password }) => (username === undefined) === (password === undefined),
  'has only one of "username" and "password"; give both',
);

const influx2Source = strictObject({
  kind: z.literal('influxdb2'),
  ...influx,
  org: z.string().min(1),
  bucket: z.string().min(1),
  token: secretReference,
});

/** A server that metrics are read from. */
export const sourceConfig = z.discriminatedUnion('kind', [prometheusSource, influx1Source, influx2Source], {
  error: 'has no known kind; use "prometheus", "influxdb1" or "influxdb2"',
});

/** Where pushed samples are kept: in Bellwether's own database, or in a source of the kind "influxdb1". */
export const sampleStoreConfig = z
  .discriminatedUnion(
    'store',
    [
      strictObject({ store: z.literal('embedded') }),
      strictObject({ store: z.literal('influx'), source: sourceName }),
    ],
    { error: 'has no known store; use "embedded" or "influx"' },
  )
  .default({ store: 'embedded' });
