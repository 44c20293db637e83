import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { policyInput } from '../src/api/policy.js';
import { configSchema } from '../src/config/config-schema.js';
import { placeRules } from '../src/config/place-rules.js';
import { placeSeries } from '../src/ingest/place-rules.js';

const guide = readFileSync(new URL('../../docs/ingest.md', import.meta.url), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text]) => text ?? '',
  );

it('shows configurations and metrics that are valid', () => {
  const [scrape, rules] = blocks('json').map((text) => configSchema.parse(JSON.parse(text)));
  expect(scrape?.scrape[0]?.urls).toHaveLength(2);
  expect(rules?.ingest.rules).toHaveLength(2);
  expect(policyInput.parse({ metrics: parse(blocks('yaml')[0] ?? '') as unknown }).metrics).toHaveLength(2);
});

it('shows rules that do what it says', () => {
  const rules = placeRules(configSchema.parse(JSON.parse(blocks('json')[1] ?? '')));
  const place = (metric: string, labels: Readonly<Record<string, string>>) =>
    placeSeries({ metric, labels, type: 'gauge' }, rules);
  expect(place('go_threads', {})).toBeUndefined();
  expect(place('mygo_threads', {})).toBeDefined();
  const labels = { job: 'cart', namespace: 'shop-prod', image: 'registry:5000/cart:2.1' };
  expect(place('up', labels)).toEqual({
    project: 'shop',
    labels: { ...labels, service: 'cart', environment: 'prod', version: '2.1' },
  });
});

it('names tests that exist', () => {
  const named = [...guide.matchAll(/`(service\/test\/[\w-]+\.test\.ts)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(5);
  for (const path of named) expect(existsSync(new URL(`../../${path}`, import.meta.url)), path).toBe(true);
});

it.each([
  [{ ingest: { rules: [{ match: { job: '(' } }] } }, /regular expression/],
  [{ ingest: { rules: [{ service: [] }] } }, /too small|>=1|at least/i],
  [{ ingest: { rules: [{ service: ['k8s.pod'] }] } }, /not a label name/],
  [{ ingest: { rule: [] } }, /did you mean .{1,3}rules/],
  [{ scrape: [{ name: 'a', urls: [] }] }, /too small|>=1|at least/i],
  [{ scrape: [{ name: 'a', urls: ['nowhere'] }] }, /URL/],
  [{ limits: { maxSeriesPerToken: 0 } }, /./],
])('refuses %j', (config, reason) => {
  expect(JSON.stringify(configSchema.safeParse(config).error?.issues)).toMatch(reason);
});
