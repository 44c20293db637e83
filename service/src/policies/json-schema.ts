import { z } from 'zod';
import { policyInput } from '../api/policy.js';
import { parameterSchema, type Template } from './template-schema.js';
import { templateUse } from './use-templates.js';
import type { Templates } from './templates.js';

type JsonSchema = Record<string, unknown>;

/** A name, not an address: editors find the schema by the line `# yaml-language-server: $schema=…`. */
const SCHEMA_ID = 'urn:bellwether:policy';

/** JSON Schema (2020-12) of a policy file's documents, for editors: made from the schema that checks policies and from the templates. */
export function policyJsonSchema(templates: Templates): JsonSchema {
  const { $schema, $defs } = toJson(policyInput);
  const { PolicyInput: policy, ...definitions } = $defs as Record<string, JsonSchema>;
  const { properties, required: _required, description: _api, examples: _json, ...rest } = policy ?? {};
  const fields = properties as JsonSchema;
  return {
    $schema,
    $id: SCHEMA_ID,
    title: 'Bellwether policy',
    ...rest,
    properties: {
      $schema: { type: 'string' },
      name: {
        ...(fields['name'] as object),
        description: 'Default: the name of the file.',
        default: undefined,
      },
      use: {
        type: 'array',
        description: 'Templates whose metrics this policy takes; "bellwether policy templates" lists them.',
        items: { oneOf: [...templates.values()].map(useOf) },
      },
      ...Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'name')),
    },
    anyOf: [{ required: ['metrics'] }, { required: ['use'] }],
    $defs: definitions,
  };
}

/** One entry of `use`, with the parameters of its template. */
function useOf(template: Template): JsonSchema {
  const { $schema: _dialect, properties, ...use } = toJson(templateUse);
  const { $schema: _same, ...parameters } = toJson(parameterSchema(template));
  const names = template.metrics.map((metric) => String(metric['name']));
  const needsParameters = Object.values(template.parameters).some(({ required }) => required);
  const fields = properties as Record<'as' | 'without' | 'change', JsonSchema>;
  return {
    ...use,
    title: template.template,
    description: `${template.title}. ${template.describes}`,
    properties: {
      template: { const: template.template },
      with: parameters,
      as: fields.as,
      without: { ...fields.without, items: { enum: names } },
      change: { ...fields.change, propertyNames: { enum: names } },
    },
    required: needsParameters ? ['template', 'with'] : ['template'],
  };
}

function toJson(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // OpenAPI's word for it is no keyword of JSON Schema.
      const { example, id: _id, ...same }: JsonSchema = jsonSchema;
      if (example === undefined && _id === undefined) return;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      Object.assign(jsonSchema, same, example === undefined ? {} : { examples: [example] });
    },
  });
}
