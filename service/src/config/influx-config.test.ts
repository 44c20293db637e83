import { describe, expect, it } from 'vitest';
import { configSchema } from './config-schema.js';
import { sourceSettings } from './source-config.js';

const influx = { kind: 'influxdb1', name: 'influx', url: 'https://influx.example', database: 'metrics' };
const parse = (config: object) => configSchema.safeParse(config);
const problems = (config: object) =>
  parse(config).error?.issues.map(({ path, message }) => [path.join('/'), message]);

describe('an InfluxDB in the configuration', () => {
  it('has its secrets read, and nobody else', () => {
    const config = configSchema.parse({
      sources: [
        { ...influx, username: 'bellwether', password: { env: 'PASSWORD' } },
        {
          kind: 'influxdb2',
          name: 'influx2',
          url: 'https://influx2.example',
          org: 'acme',
          bucket: 'b',
          token: { env: 'TOKEN' },
          field: 'v',
        },
      ],
    });
    const [first, second] = sourceSettings(config, { PASSWORD: 'hush', TOKEN: 'shh' });
    expect(first?.server).toMatchObject({
      kind: 'influxdb1',
      config: {
        database: 'metrics',
        field: 'value',
        username: 'bellwether',
        password: 'hush',
        secrets: ['hush'],
      },
    });
    expect(second?.server).toMatchObject({
      kind: 'influxdb2',
      config: { token: 'shh', secrets: ['shh'], field: 'v' },
    });
    expect(() => sourceSettings(config, { TOKEN: 'shh' })).toThrow(
      '/sources/0/password ("influx"): the environment variable PASSWORD is not set',
    );
  });

  it('needs a password with a name, and words that are known', () => {
    expect(problems({ sources: [{ ...influx, username: 'bellwether' }] })).toEqual([
      ['sources/0', 'has only one of "username" and "password"; give both'],
    ]);
    expect(problems({ sources: [{ ...influx, kind: 'influx' }] })?.[0]?.[1]).toContain('"influxdb1"');
  });

  it('keeps pushed samples when it is of the right kind', () => {
    expect(parse({ sources: [influx], samples: { store: 'influx', source: 'influx' } }).success).toBe(true);
    expect(parse({}).data?.samples).toEqual({ store: 'embedded' });
    expect(problems({ sources: [influx], samples: { store: 'influx', source: 'influy' } })).toEqual([
      ['samples/source', '"influy" is no source of the kind "influxdb1"; did you mean "influx"?'],
    ]);
    expect(problems({ samples: { store: 'influx' } })).toHaveLength(1);
    expect(problems({ samples: { store: 'postgres' } })?.[0]?.[1]).toContain('use "embedded" or "influx"');
  });

  const policy = (signal: object, discover?: object) => ({
    metrics: [{ name: 'latency', kind: 'latency', signal: { type: 'gauge', ...signal } }],
    ...(discover === undefined ? {} : { discover }),
  });
  const series = { metric: 'm', labels: { service: '{{service}}' } };

  it('is no source while it keeps the pushed samples of every project, by this name or another', () => {
    const samples = { store: 'influx', source: 'influx' };
    const refused =
      '"influx" keeps the pushed samples of every project, and is no source; leave "source" out to read what was pushed';
    const policies = {
      a: policy({ source: 'influx', series }),
      b: policy({ series }, { source: 'influx', match: { service: '{{service}}' } }),
    };
    expect(problems({ sources: [influx], samples, policies })).toEqual([
      ['policies/a/metrics/0/signal/source', refused],
      ['policies/b/discover/source', refused],
    ]);
    expect(parse({ sources: [influx], policies }).success).toBe(true);
    const twin = { ...influx, name: 'twin', url: 'https://influx.example/' };
    expect(problems({ sources: [influx, twin], samples })?.[0]).toEqual([
      'sources/1/database',
      expect.stringContaining('give the samples a database of their own') as string,
    ]);
    expect(parse({ sources: [influx, { ...twin, database: 'other' }], samples }).success).toBe(true);
  });

  it('is looked for where a policy discovers, too', () => {
    const policies = { a: policy({ series }, { source: 'influy' }) };
    expect(problems({ sources: [influx], policies })).toEqual([
      ['policies/a/discover/source', '"influy" is no source; did you mean "influx"?'],
    ]);
  });
});
