import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { needsServer } from './needs-server.js';

const folder = new URL('../dashboards/', import.meta.url);
const manual = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}
const file = parse(readFileSync(new URL('alerts.yml', folder), 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = file.groups.flatMap((group) => group.rules);
const tests = readFileSync(new URL('alerts.test.yml', folder), 'utf8');

it.each(rules)('$alert has words, a place in the manual and tests', ({ alert, labels, annotations }) => {
  expect(['warning', 'critical']).toContain(labels.severity);
  expect(annotations['summary']).toBeTruthy();
  expect(annotations['description']).toBeTruthy();
  expect(annotations['runbook']).toBe(`docs/operations.md#${alert.toLowerCase()}`);
  expect(manual.split('\n')).toContain(`### ${alert}`);
  expect(tests).toContain(`name: ${alert} fires`);
  expect(tests).toContain(`name: ${alert} is silent`);
});

function promtool(...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync('promtool', parameters, { cwd: folder, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

needsServer('promtool', 'promtool takes the rules, and each fires when it should', () => () => {
  const checked = promtool('check', 'rules', 'alerts.yml');
  expect([checked.status, checked.said]).toEqual([0, expect.stringContaining(`${rules.length} rules found`)]);
  const tested = promtool('test', 'rules', 'alerts.test.yml');
  expect([tested.status, tested.said]).toEqual([0, expect.stringContaining('SUCCESS')]);
  return Promise.resolve();
});
