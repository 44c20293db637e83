import type { z } from 'zod';
import { unknownValue } from './known-value.js';

interface Names {
  readonly tokens: readonly { readonly name: string }[];
  readonly webhooks: readonly { readonly name: string }[];
  readonly executors: readonly { readonly name: string }[];
  readonly policies: Readonly<Record<string, { readonly executor?: string }>>;
}

/** What one entry cannot see: names that are used twice, and policies that name an executor that is not there. */
export function checkNames(config: Names, context: z.core.$RefinementCtx): void {
  const refuse = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  for (const list of ['tokens', 'webhooks', 'executors'] as const) {
    const seen = new Set<string>();
    for (const [index, { name }] of config[list].entries()) {
      if (seen.has(name))
        refuse([list, index, 'name'], `"${name}" is used twice; give each a name of its own`);
      seen.add(name);
    }
  }
  const executors = config.executors.map((executor) => executor.name);
  for (const [name, { executor }] of Object.entries(config.policies))
    if (executor !== undefined && !executors.includes(executor))
      refuse(['policies', name, 'executor'], unknownValue(executor, 'executor', executors));
}
