import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { startDeployment } from '../src/api/deployment-request.js';
import { policyInput } from '../src/api/policy.js';
import { samplesRequest } from '../src/api/samples.js';
import { EVENT_TYPES } from '../src/app/announce.js';
import { configSchema } from '../src/config/config-schema.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const guide = read('docs/configuration.md');
const readme = read('README.md');

/** Where a request of the README goes, and what it must be. */
const bodies: Readonly<Record<string, z.ZodType>> = {
  '/api/v1/samples': samplesRequest,
  '/api/v1/deployments': startDeployment,
};

function jsonBlocks(text: string): readonly unknown[] {
  return [...text.matchAll(/```json\n(.*?)```/gs)].map(([, block = '']) => JSON.parse(block) as unknown);
}

/** The bodies of curl commands, the shell's own parts replaced by a time. */
function curlBodies(text: string): readonly { readonly path: string; readonly body: unknown }[] {
  return [...text.matchAll(/\$BELLWETHER(\/\S+) (?:[^\n]*?) -d '(.*?)'\n\n/gs)].map(
    ([, path = '', body = '']) => ({
      path,
      body: JSON.parse(body.replaceAll(/'\$\([^)]*\)'/g, '1800000000000')) as unknown,
    }),
  );
}

describe('examples in the documentation', () => {
  it('of the configuration are valid', () => {
    const blocks = [...jsonBlocks(guide), ...jsonBlocks(readme)];
    expect(blocks.length).toBeGreaterThanOrEqual(2);
    for (const block of blocks) {
      const schema: z.ZodType = Object.hasOwn(block as object, 'metrics') ? policyInput : configSchema;
      expect(schema.safeParse(block).error?.issues ?? []).toEqual([]);
    }
  });

  it('of requests are valid', () => {
    const requests = curlBodies(readme);
    expect(requests.map(({ path }) => path)).toEqual(Object.keys(bodies));
    for (const { path, body } of requests)
      expect(bodies[path]?.safeParse(body).error?.issues ?? []).toEqual([]);
  });
});

describe('the guide to the configuration', () => {
  const names = (schema: z.ZodObject): readonly string[] => Object.keys(schema.shape);

  it.each([
    ['the file', names(configSchema)],
    ['an executor', configSchema.shape.executors.unwrap().element.options.flatMap(names)],
    ['a policy', names(policyInput.in)],
    ['a metric', names(policyInput.in.shape.metrics.element.in)],
    ['events', EVENT_TYPES],
  ])('names every key of %s', (_what, keys) => {
    const missing = [...new Set(keys)].filter((key) => !new RegExp(`[\`.\\]"]${key}[\`.\\["]`).test(guide));
    expect(missing).toEqual([]);
  });
});
