import type { Logger } from 'pino';
import type { ConfiguredSource, Sources } from './app/source-for.js';
import { asConfigured, checkUrl } from './compose-delivery.js';
import type { Config } from './config/config-schema.js';
import { readableSources } from './config/readable-sources.js';
import { sourceSettings, type SourceSettings } from './config/source-config.js';
import { createGuardedDial } from './delivery/guarded-dial.js';
import { createGuardedFetch } from './delivery/guarded-fetch.js';
import type { UrlGuard } from './delivery/url-guard.js';
import { PUSH_SOURCE } from './domain/signal-feeds.js';
import { createInflux1Source } from './sources/influx/v1/source.js';
import { createInflux2Source } from './sources/influx/v2/source.js';
import type { MetricSource } from './sources/port.js';
import { createPrometheusSource } from './sources/prometheus/source.js';
import { createPushSource, type PushedSamples } from './sources/push/source.js';

/** Longer answers are asked for piece by piece: decoding one must not hold the event loop up for long. */
const MAX_ANSWER_BYTES = 1024 * 1024;

interface SourceParts {
  readonly guard: UrlGuard;
  /** Where pushed samples are. */
  readonly store: { readonly samples: PushedSamples };
  readonly log: Logger;
  /** Wraps each source, so that what it does is counted. */
  readonly instrument: (source: MetricSource) => MetricSource;
}

export interface ComposedSources {
  readonly sources: Sources;
  /** Gives up what is being asked; nothing can be asked afterwards. */
  readonly close: () => void;
}

/** Every source that metrics can be read from: what was pushed, and the servers of the configuration. @throws ConfigError naming the field */
export function composeSources(
  config: Config,
  environment: NodeJS.ProcessEnv,
  { guard, store, log, instrument }: SourceParts,
): ComposedSources {
  const stopping = new AbortController();
  const readable = readableSources(config);
  const servers = sourceSettings(config, environment).flatMap((settings): [string, ConfiguredSource][] => {
    const { server, project, field } = settings;
    checkUrl(guard, server.config.url, `${field}/url`);
    if (!readable.includes(server.config.name)) return [];
    const source = asConfigured(field, () => openSource(settings, guard, stopping.signal, log));
    return [[server.config.name, { source: instrument(source), project }]];
  });
  const push = { source: instrument(createPushSource(store.samples)), project: '*' };
  const { samples } = config;
  const sources = Object.assign(
    new Map([[PUSH_SOURCE, push], ...servers]),
    samples.store === 'influx' ? { keepsSamples: samples.source } : {},
  );
  return { sources, close: () => stopping.abort() };
}

function openSource(
  { server, tls }: SourceSettings,
  guard: UrlGuard,
  stop: AbortSignal,
  log: Logger,
): MetricSource {
  // The clients of InfluxDB bring their own HTTP; only their connections can be judged.
  if (server.kind === 'influxdb1')
    return createInflux1Source(server.config, { dial: createGuardedDial(guard), stop });
  if (server.kind === 'influxdb2')
    return createInflux2Source(server.config, { dial: createGuardedDial(guard), stop });
  const fetch = createGuardedFetch(guard, {
    timeoutMs: server.config.timeoutMs,
    maxResponseBytes: MAX_ANSWER_BYTES,
    tls,
  });
  const { name } = server.config;
  const onNotice = (notice: string): void => log.warn({ source: name }, notice);
  return createPrometheusSource(server.config, { fetch, stop, onNotice });
}
