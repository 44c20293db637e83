import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configuredHooks } from './hooks.js';
import { loadConfig } from './load-config.js';

const RULE = { match: { repository: 'acme/cart' }, service: 'cart', environment: 'prod' };
const GITHUB = { name: 'github', kind: 'github', secret: { env: 'SECRET' }, rules: [RULE] };

function load(config: object) {
  const file = join(mkdtempSync(join(tmpdir(), 'bellwether-hooks-')), 'config.json');
  writeFileSync(file, JSON.stringify(config));
  return loadConfig(file, {});
}

test.each([
  [{ ...GITHUB, kind: 'githb' }, '/hooks/0/kind: "githb" is no kind of hook; did you mean "github"?'],
  [{ ...GITHUB, secret: undefined }, '/hooks/0/secret: is missing; messages of github are checked'],
  [{ ...GITHUB, rules: [] }, '/hooks/0/rules: is empty'],
  [
    { ...GITHUB, rules: [{ ...RULE, match: { repo: 'acme/cart' } }] },
    '/hooks/0/rules/0/match/repo: "repo" is no attribute of its messages',
  ],
  [
    { ...GITHUB, rules: [{ ...RULE, service: '{{name}}' }] },
    '/hooks/0/rules/0/service: "name" is no attribute',
  ],
  [{ ...GITHUB, rules: [{ match: {} }] }, '/hooks/0/rules/0/service: is missing'],
  [{ ...GITHUB, rules: [{ ...RULE, enviroment: 'x' }] }, 'did you mean "environment"?'],
  [
    { ...GITHUB, kind: 'flagger', rules: [{ service: 'a', environment: 'b' }] },
    '/hooks/0/secret: is not used: flagger signs nothing',
  ],
])('a hook that cannot work stops the start: %#', (hook, message) => {
  expect(() => load({ hooks: [hook] })).toThrow(message);
});

test('two hooks of one name stop the start, and so does a secret that can be guessed or is not there', () => {
  expect(() => load({ hooks: [GITHUB, GITHUB] })).toThrow('/hooks/1/name: "github" is used twice');
  const config = load({ hooks: [GITHUB] });
  expect(() => configuredHooks(config, { SECRET: 'short' })).toThrow('/hooks/0/secret: is shorter than 16');
  expect(() => configuredHooks(config, {})).toThrow(
    '/hooks/0/secret: the environment variable SECRET is not set',
  );
  expect(configuredHooks(config, { SECRET: 'x'.repeat(16) })[0]?.secret).toBe('x'.repeat(16));
});

test('a cluster is watched with what a pod finds in itself, and wrong rules name their field', () => {
  const [cluster] = load({
    kubernetes: [{ name: 'prod', rules: [{ service: '{{name}}', environment: 'prod' }] }],
  }).kubernetes;
  expect(cluster).toMatchObject({ url: 'https://kubernetes.default.svc', kinds: ['deployments'] });
  expect(() => load({ kubernetes: [{ name: 'prod', kinds: ['pods'], rules: [RULE] }] })).toThrow(
    /\/kubernetes\/0\/kinds\/0: "pods" is no kind of workload/,
  );
});
