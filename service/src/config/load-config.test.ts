import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeToken, mintToken } from '../cli/create-token.js';
import { accessTokens } from './access-tokens.js';
import { executorConfigs, webhookEndpoints } from './delivery-config.js';
import { ConfigError, loadConfig } from './load-config.js';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-config-'));
let files = 0;
function file(content: unknown): string {
  const path = join(folder, `${(files += 1)}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const hook = { name: 'hook', url: 'https://example.com', secret: { env: 'S' } };
const shop = { kind: 'command', name: 'shop', argv: ['true'] };
const entry = { id: 'a', name: 'ci', role: 'pipeline', hash: `sha256:${'0'.repeat(64)}` };
const policy = {
  metrics: [{ name: 'm', kind: 'error', signal: { type: 'gauge', series: { metric: 'm' } } }],
};

const METRIC = {
  name: 'm',
  kind: 'latency',
  unit: 's',
  signal: { type: 'gauge', series: { metric: 'm', labels: {} } },
};

describe('loadConfig', () => {
  it('is on loopback and complete without a file', () => {
    const config = loadConfig(undefined, {});
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 8390 });
    expect(config.retention.samples).toBe(30 * 86_400_000);
    expect(config.policies).toEqual({});
  });

  it('lets the environment win over the file', () => {
    const config = loadConfig(file({ listen: { port: 1 } }), {
      BELLWETHER_PORT: '9000',
      BELLWETHER_DATA_DIR: '/data',
    });
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 9000 });
    expect(config.dataDir).toBe('/data');
  });

  it.each([
    [{ lisen: {} }, /\/lisen: unknown field "lisen"; did you mean "listen"\?/],
    [{ listen: { port: 'x' } }, /\/listen\/port: must be a number/],
    [{ retention: { samples: 30 } }, /\/retention\/samples: must carry its unit/],
    [{ policies: { cart: { metrics: [], alhpa: 0.1 } } }, /did you mean "alpha"\?/],
    [
      { policies: { cart: { mode: 'act', metrics: [METRIC] } } },
      /\/policies\/cart\/executor: is missing; a policy that acts/,
    ],
    [{ executors: [{ kind: 'shell', name: 'x' }] }, /\/executors\/0\/kind/],
    [
      { webhooks: [{ name: 'x', url: 'https://example.com', secret: 'whsec_plain' }] },
      /say where the secret is; write \{"file": "\/path"\}/,
    ],
    [{ tokens: [{ name: 'ci', role: 'pipeline' }] }, /bellwether token create/],
    [
      { webhooks: [{ ...hook, events: ['verdict.change'] }] },
      /\/webhooks\/0\/events\/0: .*did you mean "verdict\.changed"\?/,
    ],
    [{ webhooks: [hook, hook] }, /\/webhooks\/1\/name: "hook" is used twice/],
    [{ executors: [shop, shop] }, /\/executors\/1\/name: "shop" is used twice/],
    [{ tokens: [entry, { ...entry, id: 'b' }] }, /\/tokens\/1\/name: "ci" is used twice/],
    [
      { executors: [shop], policies: { cart: { ...policy, executor: 'shpo' } } },
      /\/policies\/cart\/executor: "shpo" is no executor; did you mean "shop"\?/,
    ],
    [{ policies: { cart: { ...policy, executor: 'shop' } } }, /executor: "shop" is no executor; none is/],
    [{ trustedProxies: ['10.0.0.0/8', 'localhost'] }, /\/trustedProxies\/1: is no address; give an IP/],
    [{ trustedProxies: ['0.0.0.0/0'] }, /\/trustedProxies\/0: is no address/],
  ])('names the field and the remedy: %j', (content, message) => {
    expect(() => loadConfig(file(content), {})).toThrow(ConfigError);
    expect(() => loadConfig(file(content), {})).toThrow(message);
  });

  it('takes events, proxies and executors with a scope', () => {
    const config = loadConfig(
      file({
        webhooks: [{ ...hook, events: ['verdict.changed'] }],
        executors: [{ ...shop, service: 'cart' }],
        trustedProxies: ['loopback', '10.0.0.0/8', '::1', 'fd00::/8'],
        policies: { cart: { ...policy, executor: 'shop' } },
      }),
      {},
    );
    expect(config.executors).toMatchObject([{ project: '*', service: 'cart', environment: '*' }]);
    expect(config.trustedProxies).toHaveLength(4);
  });

  it('takes templates in its policies, and shows an error where it was written', () => {
    const sources = [{ kind: 'prometheus', name: 'prom', url: 'https://prometheus.example.com' }];
    const using = (use: unknown) => file({ sources, policies: { cart: { use } } });
    const config = loadConfig(using([{ template: 'dns', with: { source: 'prom' } }]), {});
    expect(config.policies['cart']?.metrics.map(({ name }) => name)).toContain('failed lookups');
    expect(() => loadConfig(using([{ template: 'dsn', with: { source: 'prom' } }]), {})).toThrow(
      '/policies/cart/use/0/template: there is no template "dsn"; did you mean "dns"?',
    );
    const change = { lookups: { knid: 'traffic' } };
    expect(() => loadConfig(using([{ template: 'dns', with: { source: 'prom' }, change }]), {})).toThrow(
      '/policies/cart/use/0/change/lookups/knid: unknown field "knid"; did you mean "kind"?',
    );
  });

  it('says what is wrong with a file that is missing or no JSON', () => {
    expect(() => loadConfig(join(folder, 'none.json'), {})).toThrow(
      /can't be read \(ENOENT\); check --config/,
    );
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{');
    expect(() => loadConfig(broken, {})).toThrow(/is not valid JSON/);
  });
});

describe('tokens', () => {
  const tokensOf = (tokens: unknown, environment: NodeJS.ProcessEnv = {}) =>
    accessTokens(loadConfig(file({ tokens }), {}), environment);

  it('have ids of their own, wherever they come from', () => {
    const other = { name: 'other', role: 'viewer', token: { env: 'OTHER' } };
    expect(() => tokensOf([entry, { ...entry, name: 'other' }])).toThrow(
      '/tokens/1 ("other"): the id "a" is that of /tokens/0 too',
    );
    expect(() => tokensOf([entry, other], { OTHER: `bw_a_${'x'.repeat(43)}` })).toThrow(
      '/tokens/1 ("other")',
    );
    expect([...tokensOf([entry, other], { OTHER: `bw_b_${'x'.repeat(43)}` }).values()]).toHaveLength(2);
  });

  it('are refused where the place holds none, without showing what it holds', () => {
    const read = (): unknown =>
      tokensOf([{ name: 'x', role: 'viewer', token: { env: 'X' } }], { X: 'hunter2' });
    expect(read).toThrow('/tokens/0/token ("x"): what is there is no token');
    expect(read).not.toThrow('hunter2');
  });
});

describe('secrets', () => {
  it('come from files and the environment, and an error names the place but never the content', () => {
    const path = join(folder, 'secret');
    writeFileSync(path, 'whsec_c2VjcmV0\n');
    const config = loadConfig(
      file({
        webhooks: [{ name: 'a', url: 'https://example.com/a', secret: { file: path } }],
        executors: [{ kind: 'http', name: 'b', url: 'https://example.com/b', secret: { env: 'B_SECRET' } }],
      }),
      {},
    );
    expect(webhookEndpoints(config, {})[0]?.secret).toBe('whsec_c2VjcmV0');
    expect(() => executorConfigs(config, {})).toThrow(
      '/executors/0/secret ("b"): the environment variable B_SECRET is not set',
    );
    expect(executorConfigs(config, { B_SECRET: 's' })).toHaveLength(1);
  });

  it('keep a token out of the configuration: its hash is enough', () => {
    const minted = mintToken({
      name: 'ci',
      role: 'pipeline',
      project: '*',
      service: 'cart',
      environment: '*',
    });
    expect(describeToken(minted).text).toContain(minted.token);
    expect(JSON.stringify(minted.entry)).not.toContain(minted.token.slice(`bw_${minted.entry.id}_`.length));
    const tokens = [...accessTokens(loadConfig(file({ tokens: [minted.entry] }), {}), {}).values()];
    expect(tokens).toMatchObject([{ name: 'ci', role: 'pipeline', service: 'cart', id: minted.entry.id }]);
  });
});
