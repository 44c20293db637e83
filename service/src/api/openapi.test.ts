import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from './openapi.js';
import { routes } from './routes.js';

const document = openApiDocument();

interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

function operation(method: string, path: string): Operation {
  return (document.paths?.[path] as Record<string, unknown> | undefined)?.[method] as Operation;
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(
      JSON.parse(JSON.stringify(document)) as Record<string, unknown>,
    );
    expect(result.errors ?? []).toEqual([]);
    expect([result.valid, document.openapi]).toEqual([true, '3.1.0']);
  });

  it('is the one in docs (vitest run service/src/api/openapi.test.ts -u writes it)', async () => {
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../../../docs/openapi.json');
  });

  it('describes every route with its errors as problems', () => {
    for (const { method, path, id, role } of routes) {
      const described = operation(method, path);
      expect(described.operationId).toBe(id);
      expect(described.security).toEqual(role === undefined ? [] : [{ token: [] }]);
      const errors = Object.entries(described.responses).filter(([status]) => Number(status) >= 400);
      if (role !== undefined)
        expect(errors.map(([status]) => status)).toEqual(expect.arrayContaining(['401', '403', '429']));
      const types = errors.flatMap(([, response]) => Object.keys(response.content ?? {}));
      expect(types.every((type) => type === 'application/problem+json' || id === 'ready')).toBe(true);
    }
  });

  it('gives every body an example and marks what is optional', () => {
    const schemas = document.components?.schemas as Record<
      string,
      { required?: string[]; example?: unknown }
    >;
    for (const name of [
      'StartDeployment',
      'PolicyInput',
      'SampleSeries',
      'Verdict',
      'Problem',
      'RequestRollback',
    ]) {
      expect([name, schemas[name]?.example]).toEqual([name, expect.anything()]);
    }
    expect(schemas['StartDeployment']?.required).toEqual(['service', 'environment', 'version']);
    expect(schemas['PolicyInput']?.required).toEqual(['metrics']);
    expect(schemas['Verdict']?.required).not.toContain('confidence');
    expect(schemas['Verdict']?.required).toContain('stillNeeded');
  });

  it('says where idempotency keys and revisions go', () => {
    const names = (method: string, path: string): unknown =>
      operation(method, path).parameters?.map(({ name }) => name);
    expect(names('post', '/api/v1/deployments/{id}/finish')).toEqual(
      expect.arrayContaining(['id', 'Idempotency-Key', 'If-Match']),
    );
    expect(names('get', '/api/v1/deployments/{id}/verdict')).toEqual(
      expect.arrayContaining(['wait', 'after', 'If-None-Match']),
    );
  });

  it('holds its own examples to its schemas', () => {
    for (const { body, response } of routes) {
      const example = (body?.meta() as { example?: unknown } | undefined)?.example;
      if (body !== undefined && example !== undefined) expect(body.safeParse(example).error).toBeUndefined();
      const answered = (response?.meta() as { id?: string; example?: unknown } | undefined) ?? {};
      if (response !== undefined && answered.id === 'Verdict')
        expect(response.safeParse(answered.example).error).toBeUndefined();
    }
  });
});
