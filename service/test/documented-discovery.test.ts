import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createProgram } from '../src/cli/program.js';
import { readPolicies } from '../src/policies/read-policies.js';
import { shippedTemplates } from '../src/policies/templates.js';
import { discoveryRule } from '../src/api/discovery-rule.js';

const guide = readFileSync(new URL('../../docs/discovery.md', import.meta.url), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text);

it('shows policies that are valid', () => {
  expect(blocks('yaml')).toHaveLength(2);
  for (const text of blocks('yaml'))
    expect(
      readPolicies(text, 'cart.yaml', { templates: shippedTemplates(), known: undefined }).problems,
    ).toEqual([]);
});

it('shows options that the command has', () => {
  const io = {
    ...{ environment: {}, isTerminal: false, columns: 80, stop: new AbortController().signal },
    ...{ out: () => undefined, err: () => undefined, setExitCode: () => undefined },
  };
  const command = createProgram('1', io).commands.find((one) => one.name() === 'discover');
  const known = command?.options.map(({ long }) => long) ?? [];
  const shown = [...guide.matchAll(/(--[a-z][a-z-]*)/g)].map(([, option]) => option);
  expect(shown.length).toBeGreaterThan(3);
  expect(shown.filter((option) => !known.includes(option))).toEqual([]);
});

it('names every key of the rule', () => {
  for (const key of Object.keys(discoveryRule.shape)) expect(guide).toContain(`| \`${key}\``);
});
