import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { policyJsonSchema } from './json-schema.js';
import { readPolicies } from './read-policies.js';
import { shippedTemplates } from './templates.js';
import { parseYaml } from './yaml-documents.js';

const templates = shippedTemplates();
const schema = policyJsonSchema(templates);
const validate = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  validateFormats: false,
}).compile(schema);
const read = (text: string) => readPolicies(text, 'policy.yaml', { templates, known: undefined });
const asJson = (text: string): unknown[] =>
  parseYaml(text, 'policy.yaml').documents.map(({ value }) => value);
const examples = new URL('../../../docs/examples/policies/', import.meta.url);
const metric = (fields: string): string =>
  `metrics: [{ name: m, kind: error, signal: { type: gauge, series: { metric: m } }${fields} }]`;

describe('the JSON Schema of policies', () => {
  it('is the one in docs (vitest run service/src/policies/json-schema.test.ts -u writes it)', async () => {
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
      '../../../docs/policy.schema.json',
    );
  });

  it.each(readdirSync(examples))(
    'agrees with the service on the example %s, which names the schema',
    (file) => {
      const text = readFileSync(new URL(file, examples), 'utf8');
      expect(text.split('\n').slice(0, 2).join('')).toContain('../../policy.schema.json');
      expect(read(text).problems).toEqual([]);
      for (const value of asJson(text)) expect([validate(value), validate.errors]).toEqual([true, null]);
    },
  );

  it.each([...templates.keys()])('takes the template %s with nothing but its source', (template) => {
    const value = { use: [{ template, with: { source: 'prom' } }] };
    expect([validate(value), validate.errors]).toEqual([true, null]);
  });

  it.each([
    ['{}'],
    ['name: cart'],
    ['use: [{ template: http-rde, with: { source: prom } }]'],
    ['use: [{ template: http-red }]'],
    ['use: [{ template: http-red, with: { source: prom, selektor: a } }]'],
    ['use: [{ template: http-red, with: { source: prom }, without: [errors] }]'],
    ['use: [{ template: http-red, with: { source: prom, objective: 99.9 } }]'],
    [metric(', directon: up')],
    [metric(', direction: sideways')],
    [metric(', guardRail: { abov: 1 }')],
    [metric(', burnRate: { objective: 1.5 }')],
    [`alpha: 0.7\n${metric('')}`],
    [`interval: 60\n${metric('')}`],
    [`interval: 1 minute\n${metric('')}`],
    [`baselines: [yesterday]\n${metric('')}`],
    ['metrics: []'],
  ])('refuses what the service refuses: %s', (text) => {
    expect(read(text).problems).not.toEqual([]);
    for (const value of asJson(text)) expect(validate(value)).toBe(false);
  });
});
