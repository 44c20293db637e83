import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configSchema } from '../src/config/config-schema.js';
import { fieldErrors, jsonPointer } from '../src/api/field-errors.js';

const guide = readFileSync(new URL('../../docs/grafana-service.md', import.meta.url), 'utf8');
const minted = { token: { env: 'T' } };

it('the examples of the guide are valid configurations', () => {
  const blocks = [...guide.matchAll(/```json\n(.*?)```/gs)].map(
    ([, block = '']) => JSON.parse(block) as unknown,
  );
  expect(blocks).toHaveLength(2);
  for (const block of blocks) expect(configSchema.safeParse(block).error?.issues ?? []).toEqual([]);
});

it.each([
  [{ grafana: {} }, '/tokens/0/grafana', 'trustHeaders'],
  [
    { grafana: { trustHeaders: true, keysUrl: 'https://g.example.com/k' } },
    '/tokens/0/grafana/keysUrl',
    'root_url',
  ],
  [{ grafana: { trustHeaders: true, allow: [{}] } }, '/tokens/0/grafana/allow/0', 'names nobody'],
  [
    { grafana: { trustHeaders: true, allow: [{ grafanaRoles: ['editor'] }] } },
    '/tokens/0/grafana/allow/0/grafanaRoles/0',
    'Editor',
  ],
  [{ grafana: { trustHeaders: true, alow: [] } }, '/tokens/0/grafana/alow', 'did you mean "allow"'],
])('a token marked as %j is refused by field, with what to do', (entry, field, says) => {
  const tokens = [{ name: 'grafana app', role: 'operator', ...minted, ...entry }];
  expect(problemsOf({ tokens })).toContainEqual([field, expect.stringContaining(says)]);
});

it.each([
  [{ panelId: 3 }, '/annotations/0/panelId', 'dashboardUID'],
  [{ dashboardUID: 'a/b' }, '/annotations/0/dashboardUID', 'uid'],
  [{ name: 'Team' }, '/annotations/0/name', 'lower-case'],
])('annotations with %j are refused by field', (change, field, says) => {
  const annotations = [{ name: 'team', url: 'https://g.example.com', ...minted, ...change }];
  expect(problemsOf({ annotations })).toContainEqual([field, expect.stringContaining(says)]);
});

function problemsOf(config: object): readonly (readonly [string, string])[] {
  const { error } = configSchema.safeParse(config);
  return error === undefined
    ? []
    : fieldErrors(error).map(({ path, detail, remedy = '' }) => [jsonPointer(path), `${detail}; ${remedy}`]);
}
