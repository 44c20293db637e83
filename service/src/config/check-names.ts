import type { z } from 'zod';
import { unknownValue } from './known-value.js';

interface Names {
  readonly tokens: readonly { readonly name: string }[];
  readonly webhooks: readonly { readonly name: string }[];
  readonly executors: readonly { readonly name: string }[];
  readonly policies: Readonly<Record<string, { readonly mode: string; readonly executor?: string }>>;
}

type Refuse = (path: (string | number)[], message: string) => void;

/** What one entry cannot see: names that are used twice, and policies without an executor to act with. */
export function checkNames(config: Names, context: z.core.$RefinementCtx): void {
  const refuse: Refuse = (path, message) => context.addIssue({ code: 'custom', path, message });
  checkUnique(config, refuse);
  checkExecutors(config, refuse);
}

function checkUnique(config: Names, refuse: Refuse): void {
  for (const list of ['tokens', 'webhooks', 'executors'] as const) {
    const seen = new Set<string>();
    for (const [index, { name }] of config[list].entries()) {
      if (seen.has(name))
        refuse([list, index, 'name'], `"${name}" is used twice; give each a name of its own`);
      seen.add(name);
    }
  }
}

function checkExecutors(config: Names, refuse: Refuse): void {
  const executors = config.executors.map((executor) => executor.name);
  for (const [name, { mode, executor }] of Object.entries(config.policies)) {
    const path = ['policies', name, 'executor'];
    if (executor === undefined && mode === 'act')
      refuse(path, 'is missing; a policy that acts names one of "executors", or its mode is "recommend"');
    if (executor !== undefined && !executors.includes(executor))
      refuse(path, unknownValue(executor, 'executor', executors));
  }
}
