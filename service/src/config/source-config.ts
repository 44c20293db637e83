import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { TlsOptions } from '../delivery/guarded-connect.js';
import type { Influx1Config, Influx2Config } from '../sources/influx/config.js';
import type { PrometheusConfig } from '../sources/prometheus/config.js';
import type { Config } from './config-schema.js';
import { ConfigError } from './load-config.js';
import { readSecret, type SecretReference } from './secret.js';
import type { sourceConfig } from './source-schema.js';

type Entry = z.output<typeof sourceConfig>;
type PrometheusEntry = Extract<Entry, { kind: 'prometheus' }>;
type InfluxEntry = Exclude<Entry, PrometheusEntry>;
type ReadPart = (reference: SecretReference, part: string) => string;

/** A source with its secrets and certificates read. */
export interface SourceSettings {
  /** Where it stands in the configuration. */
  readonly field: string;
  readonly project: string;
  readonly tls: TlsOptions;
  readonly server:
    | { readonly kind: 'prometheus'; readonly config: PrometheusConfig }
    | { readonly kind: 'influxdb1'; readonly config: Influx1Config }
    | { readonly kind: 'influxdb2'; readonly config: Influx2Config };
}

/** The sources of the configuration. @throws ConfigError naming the entry */
export function sourceSettings(config: Config, environment: NodeJS.ProcessEnv): readonly SourceSettings[] {
  return config.sources.map((entry, index) => {
    const field = `/sources/${index}`;
    const read = (reference: SecretReference, part: string): string =>
      asField(`${field}/${part} ("${entry.name}")`, () => readSecret(reference, environment));
    const tls = tlsOptions(entry, field);
    return { field, project: entry.project, tls, server: serverOf(entry, tls, read) };
  });
}

function serverOf(entry: Entry, tls: TlsOptions, read: ReadPart): SourceSettings['server'] {
  if (entry.kind === 'prometheus') return { kind: entry.kind, config: prometheusConfig(entry, read) };
  return influxServer(entry, tls, read);
}

function influxServer(entry: InfluxEntry, tls: TlsOptions, read: ReadPart): SourceSettings['server'] {
  const { name, url, field, timeout } = entry;
  const server = { name, url, field, timeoutMs: timeout, headers: {}, tls };
  if (entry.kind === 'influxdb2') {
    const { kind, org, bucket } = entry;
    const token = read(entry.token, 'token');
    return { kind, config: { ...server, org, bucket, token, secrets: [token] } };
  }
  const { kind, database, retentionPolicy, username } = entry;
  const password = entry.password === undefined ? undefined : read(entry.password, 'password');
  return {
    kind,
    config: {
      ...server,
      database,
      ...(retentionPolicy === undefined ? {} : { retentionPolicy }),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      secrets: password === undefined ? [] : [password],
    },
  };
}

function prometheusConfig(entry: PrometheusEntry, read: ReadPart): PrometheusConfig {
  const { name, url, timeout, bearerToken, basicAuth, tenant } = entry;
  const secrets: string[] = [];
  const secret = (reference: SecretReference, part: string): string => {
    const value = read(reference, part);
    secrets.push(value);
    return value;
  };
  const headers = new Map(
    Object.entries(entry.headers).map(([header, value]) => [
      header.toLowerCase(),
      typeof value === 'string' ? value : secret(value, `headers/${header}`),
    ]),
  );
  if (tenant !== undefined) headers.set('x-scope-orgid', tenant);
  if (bearerToken !== undefined) headers.set('authorization', `Bearer ${secret(bearerToken, 'bearerToken')}`);
  if (basicAuth !== undefined) {
    const pair = `${basicAuth.username}:${secret(basicAuth.password, 'basicAuth/password')}`;
    const encoded = Buffer.from(pair).toString('base64');
    secrets.push(encoded);
    headers.set('authorization', `Basic ${encoded}`);
  }
  return { name, url, headers: Object.fromEntries(headers), timeoutMs: timeout, secrets };
}

function tlsOptions(entry: Entry, field: string): TlsOptions {
  const { ca, cert, key, serverName } = entry.tls ?? {};
  const pem = (part: string, file: string): string =>
    asField(`${field}/tls/${part} ("${entry.name}")`, () => readPem(file));
  return {
    ...(ca === undefined ? {} : { ca: pem('ca', ca) }),
    ...(cert === undefined ? {} : { cert: pem('cert', cert) }),
    ...(key === undefined ? {} : { key: pem('key', key) }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

function readPem(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`the file ${file} can't be read`, { cause });
  }
  if (text.includes('-----BEGIN ')) return text;
  throw new Error(`the file ${file} is not in PEM form; it should begin with -----BEGIN`);
}

function asField<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new ConfigError(`${field}: ${(cause as Error).message}`, { cause });
  }
}
