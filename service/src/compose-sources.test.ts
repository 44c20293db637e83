import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { sourceFor } from './app/source-for.js';
import { composeSources } from './compose-sources.js';
import { configSchema } from './config/config-schema.js';
import { createUrlGuard } from './delivery/url-guard.js';

const influx = { kind: 'influxdb1', url: 'https://influx.example', database: 'metrics' };
const composed = (samples?: object) => {
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
  return sources;
};
const named = (samples?: object): readonly string[] => [...composed(samples).keys()];

describe('composeSources', () => {
  it('gives nobody the database that the pushed samples of every project lie in', () => {
    expect(named()).toEqual(['push', 'influx', 'pushed']);
    expect(named({ store: 'influx', source: 'pushed' })).toEqual(['push', 'influx']);
  });

  it('says of that database what it is, and not that there is none', () => {
    const sources = composed({ store: 'influx', source: 'pushed' });
    expect(sourceFor(sources, 'pushed', 'default')).toMatchObject({
      reason: 'the source "pushed" keeps the pushed samples of every project, and no policy may read it',
      remedy: 'leave "source" out to read what was pushed',
    });
    expect(sourceFor(sources, 'psh', 'default')).toMatchObject({
      reason: 'there is no source "psh" (known: push, influx)',
    });
  });
});
