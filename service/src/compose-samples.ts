import type { Config } from './config/config-schema.js';
import { sourceSettings } from './config/source-config.js';
import { createGuardedDial } from './delivery/guarded-dial.js';
import type { UrlGuard } from './delivery/url-guard.js';
import { createInflux1Samples } from './sources/influx/v1/sample-database.js';
import { withInfluxSamples } from './store/influx/with-influx-samples.js';
import type { Store } from './store/port.js';

/** The store, with pushed samples where the configuration wants them. @throws ConfigError naming the field */
export function composeSamples(
  store: Store,
  config: Config,
  environment: NodeJS.ProcessEnv,
  guard: UrlGuard,
): Store {
  const { samples } = config;
  if (samples.store === 'embedded') return store;
  const settings = sourceSettings(config, environment).find(
    ({ server }) => server.config.name === samples.source,
  );
  // The configuration was checked for it.
  if (settings?.server.kind !== 'influxdb1') throw new Error(`no source "${samples.source}"`);
  // Samples are written until the very end: what is in flight when the service stops still counts.
  const parts = { dial: createGuardedDial(guard), stop: new AbortController().signal };
  return withInfluxSamples(store, createInflux1Samples(settings.server.config, parts));
}
