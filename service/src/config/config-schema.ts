import { z } from 'zod';
import { durationBetween } from '../api/duration.js';
import { policyInput } from '../api/policy.js';
import { optional, strictObject } from '../api/strict-object.js';
import { EVENT_TYPES } from '../app/announce.js';
import type { Role } from '../domain/access.js';
import { annotationConfig } from './annotation-schema.js';
import { checkNames } from './check-names.js';
import { grafanaAppConfig } from './grafana-app-schema.js';
import { hookConfig } from './hook-schema.js';
import { unknownValue } from './known-value.js';
import { ingestConfig } from './ingest-schema.js';
import { kubernetesConfig } from './kubernetes-schema.js';
import { proxyAddress } from './proxy-address.js';
import { scrapeConfig } from './scrape-schema.js';
import { secretReference } from './secret.js';
import { sampleStoreConfig, sourceConfig } from './source-schema.js';

/** What a token can be, from the least to the most. */
export const ROLES = ['viewer', 'pipeline', 'operator', 'admin'] as const satisfies readonly Role[];

const scope = z.string().min(1).max(128).default('*').meta({ description: '`*` stands for all' });

const token = strictObject({
  /** The part of the token between its underscores; with "hash" only. */
  id: optional(z.string().regex(/^[A-Za-z0-9-]{1,64}$/)),
  name: z.string().min(1).max(100),
  role: z.enum(ROLES),
  project: scope,
  service: scope,
  environment: scope,
  /** `sha256:` and the hex digest of the token, as `bellwether token create` prints it. */
  hash: optional(
    z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is not a token hash; take it from "bellwether token create"'),
  ),
  token: optional(secretReference),
  /** Marks it as the token of the app in Grafana. */
  grafana: optional(grafanaAppConfig),
}).refine(
  (t) =>
    (t.hash !== undefined && t.id !== undefined && t.token === undefined) ||
    (t.hash === undefined && t.token !== undefined),
  'needs either "id" with "hash" or "token"; "bellwether token create" prints an entry',
);

const webhook = strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a name; use lower-case letters, digits and dashes'),
  url: z.url(),
  secret: secretReference,
  /** Empty means every event. */
  events: z
    .array(
      z.enum(EVENT_TYPES, {
        error: ({ input }) => unknownValue(String(input), 'event', EVENT_TYPES),
      }),
    )
    .default([]),
});

const executorName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a name; use lower-case letters, digits and dashes');
/** Where an executor may roll back; a policy elsewhere cannot name it. */
const executorScope = { project: scope, service: scope, environment: scope };
const executor = z.discriminatedUnion('kind', [
  strictObject({
    kind: z.literal('http'),
    name: executorName,
    ...executorScope,
    url: z.url(),
    secret: secretReference,
    timeout: durationBetween('1s', '30m').prefault('5m'),
  }),
  strictObject({
    kind: z.literal('command'),
    name: executorName,
    ...executorScope,
    /** Program and arguments; never given to a shell. */
    argv: z.array(z.string().min(1)).min(1),
    cwd: optional(z.string().min(1)),
    timeout: durationBetween('1s', '30m').prefault('5m'),
    retryExitCodes: z.array(z.int().min(1).max(255)).default([75]),
  }),
]);

/** The server's configuration file (JSON). Unknown keys stop the start. */
export const configSchema = strictObject({
  listen: strictObject({
    host: z.string().min(1).default('127.0.0.1'),
    port: z.int().min(0).max(65_535).default(8390),
  }).prefault({}),
  /** Base of the links in webhooks; default: where it listens. */
  publicUrl: optional(z.url()),
  /** Folder of the database, its keys and its lock. */
  dataDir: z.string().min(1).default('.bellwether/data'),
  tokens: z.array(token).default([]),
  webhooks: z.array(webhook).default([]),
  /** Addresses that other tools send deployments to. */
  hooks: z.array(hookConfig).max(200).default([]),
  /** Clusters whose workloads are watched: a new revision is a deployment. */
  kubernetes: z.array(kubernetesConfig).max(100).default([]),
  executors: z.array(executor).default([]),
  /** Grafanas in which deployments are written down as annotations. */
  annotations: z.array(annotationConfig).default([]),
  /** Servers that metrics are read from, by the name that policies give; what was pushed is always there as "push". */
  sources: z.array(sourceConfig).default([]),
  samples: sampleStoreConfig,
  ingest: ingestConfig,
  /** Pages of metrics that are read directly. */
  scrape: z.array(scrapeConfig).default([]),
  /** Address ranges (CIDR), hosts or host:port that webhooks and executors may reach though they are private or plain http. */
  egress: strictObject({ allow: z.array(z.string().min(1)).default([]) }).prefault({}),
  /** Proxies in front whose `x-forwarded-for` names the client. */
  trustedProxies: z.array(proxyAddress).default([]),
  policies: z.record(z.string(), policyInput).default({}),
  /** Folder of policy files (YAML or JSON), read again whenever it changes; see docs/policies.md. */
  policyFolder: optional(z.string().min(1)),
  retention: strictObject({
    samples: durationBetween('1h', '4000d').prefault('30d'),
    ticks: durationBetween('1h', '4000d').prefault('90d'),
    evidence: durationBetween('1h', '4000d').prefault('400d'),
    audit: durationBetween('1d', '4000d').prefault('400d'),
  }).prefault({}),
  limits: strictObject({
    maxSeriesPerProject: z.int().min(1).max(10_000_000).default(100_000),
    requestsPerMinute: z.int().min(1).max(10_000_000).default(6_000),
    /** Different series that one token may write within an hour. */
    maxSeriesPerToken: z.int().min(1).max(10_000_000).default(50_000),
  }).prefault({}),
  /** Whether the error rate is checked on quiet moments, at which nothing was deployed; see docs/feedback.md. */
  calibrationCheck: strictObject({
    enabled: z.boolean().default(true),
    /** A service is checked at most once in so much time. */
    every: durationBetween('1m', '30d').prefault('1h'),
  }).prefault({}),
  /** Threads that replay placebos; default: one fewer than there are cores. */
  engineThreads: optional(z.int().min(1).max(64)),
  /** Whether `/metrics` answers without a token. */
  openMetrics: z.boolean().default(false),
  log: strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
}).superRefine(checkNames);

export type Config = z.output<typeof configSchema>;
