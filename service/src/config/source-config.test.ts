import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './load-config.js';
import { sourceSettings } from './source-config.js';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-sources-'));
const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const load = (content: object) => loadConfig(write('config.json', JSON.stringify(content)), {});
const prom = { kind: 'prometheus', name: 'prom', url: 'https://prom.example.com/api/prom' };
const settingsOf = (change: object, environment: NodeJS.ProcessEnv = {}) =>
  sourceSettings(load({ sources: [{ ...prom, ...change }] }), environment)[0];

describe('sources of the configuration', () => {
  it('are read with their secrets, which no message may show', () => {
    const found = settingsOf(
      {
        basicAuth: { username: 'ada', password: { env: 'PASSWORD' } },
        headers: { 'X-Key': { file: write('key', 'k3y\n') }, 'X-Plain': 'seen' },
        tenant: 'team-a',
        timeout: '3s',
        project: 'shop',
      },
      { PASSWORD: 'pa55' },
    );
    const basic = Buffer.from('ada:pa55').toString('base64');
    expect(found).toMatchObject({
      field: '/sources/0',
      project: 'shop',
      server: {
        kind: 'prometheus',
        config: {
          name: 'prom',
          url: 'https://prom.example.com/api/prom',
          timeoutMs: 3_000,
          headers: {
            authorization: `Basic ${basic}`,
            'x-key': 'k3y',
            'x-plain': 'seen',
            'x-scope-orgid': 'team-a',
          },
        },
      },
    });
    const secrets = found?.server.kind === 'prometheus' ? found.server.config.secrets : [];
    expect([...secrets].sort()).toEqual([basic, 'k3y', 'pa55'].sort());
  });

  it('may hold a bearer token and certificates', () => {
    const pem = (name: string) => write(`${name}.pem`, `-----BEGIN ${name}-----`);
    const tls = { ca: pem('ca'), cert: pem('cert'), key: pem('key'), serverName: 'inside' };
    const found = settingsOf({ bearerToken: { env: 'T' }, tls }, { T: 't0ken' });
    expect(found?.server.config).toMatchObject({ headers: { authorization: 'Bearer t0ken' } });
    expect(found?.tls).toEqual({
      ca: '-----BEGIN ca-----',
      cert: '-----BEGIN cert-----',
      key: '-----BEGIN key-----',
      serverName: 'inside',
    });
  });

  it.each([
    [{ bearerToken: { env: 'NONE' } }, /\/sources\/0\/bearerToken \("prom"\): the environment variable NONE/],
    [
      { tls: { ca: '/no/such.pem' } },
      /\/sources\/0\/tls\/ca \("prom"\): the file \/no\/such\.pem can't be read/,
    ],
    [{ tls: { ca: write('not.pem', 'hello') } }, /is not in PEM form/],
  ])('name what is missing: %j', (change, message) => {
    expect(() => settingsOf(change)).toThrow(message);
  });

  const policy = (source: string) => ({
    p: {
      metrics: [{ name: 'm', kind: 'error', signal: { type: 'gauge', source, series: { metric: 'm' } } }],
    },
  });
  it.each([
    [
      { sources: [{ ...prom, name: 'push' }] },
      /\/sources\/0\/name: "push" is what was pushed; give another name/,
    ],
    [{ sources: [prom, prom] }, /\/sources\/1\/name: "prom" is used twice/],
    [
      { sources: [{ ...prom, tenat: 'a' }] },
      /\/sources\/0\/tenat: unknown field "tenat"; did you mean "tenant"\?/,
    ],
    [{ sources: [{ ...prom, tls: { cert: 'c' } }] }, /\/sources\/0\/tls: has only one of "cert" and "key"/],
    [
      {
        sources: [
          { ...prom, bearerToken: { env: 'A' }, basicAuth: { username: 'u', password: { env: 'B' } } },
        ],
      },
      /\/sources\/0: has both "bearerToken" and "basicAuth"/,
    ],
    [
      { sources: [prom], policies: policy('prmo') },
      /\/policies\/p\/metrics\/0\/signal\/source: "prmo" is no source; did you mean "prom"\?/,
    ],
  ])('are checked together: %j', (content, message) => {
    expect(() => load(content)).toThrow(message);
  });
});
