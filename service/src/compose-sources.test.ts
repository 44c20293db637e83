import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { composeSources } from './compose-sources.js';
import { configSchema } from './config/config-schema.js';
import { createUrlGuard } from './delivery/url-guard.js';

const influx = { kind: 'influxdb1', url: 'https://influx.example', database: 'metrics' };
const named = (samples?: object): readonly string[] => {
  const config = configSchema.parse({
    sources: [
      { ...influx, name: 'influx' },
      { ...influx, name: 'pushed', database: 'bellwether' },
    ],
    ...(samples === undefined ? {} : { samples }),
  });
  const { sources, close } = composeSources(
    config,
    {},
    {
      guard: createUrlGuard({ allow: [] }),
      store: { samples: { read: () => Promise.resolve([]), list: () => Promise.resolve([]) } },
      log: pino({ level: 'silent' }),
      instrument: (source) => source,
    },
  );
  close();
  return [...sources.keys()];
};

describe('composeSources', () => {
  it('gives nobody the database that the pushed samples of every project lie in', () => {
    expect(named()).toEqual(['push', 'influx', 'pushed']);
    expect(named({ store: 'influx', source: 'pushed' })).toEqual(['push', 'influx']);
  });
});
