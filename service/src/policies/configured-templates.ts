import type { FieldError } from '../api/field-errors.js';
import type { Templates } from './templates.js';
import { expandTemplates, type Expansion } from './use-templates.js';

type Fields = Readonly<Record<string, unknown>>;

/** The content of a configuration file in which the templates that its policies use were replaced by metrics. */
export interface ExpandedConfiguration {
  readonly value: unknown;
  readonly errors: readonly FieldError[];
  /** Where in the file something of `value` was written. */
  readonly writtenAt: Expansion['writtenAt'];
}

/** @param templates asked only where a policy uses one */
export function expandConfigured(raw: unknown, templates: () => Templates): ExpandedConfiguration {
  const policies = isObject(raw) && isObject(raw['policies']) ? raw['policies'] : {};
  const users = Object.entries(policies).flatMap(([name, policy]) =>
    isObject(policy) && policy['use'] !== undefined ? [[name, policy] as const] : [],
  );
  if (users.length === 0) return { value: raw, errors: [], writtenAt: (path) => path };
  const expanded = new Map(users.map(([name, policy]) => [name, expandTemplates(policy, templates())]));
  const values = Object.fromEntries([...expanded].map(([name, { value }]) => [name, value]));
  return {
    value: { ...(raw as Fields), policies: { ...policies, ...values } },
    errors: [...expanded].flatMap(([name, { errors }]) =>
      errors.map((error) => ({ ...error, path: ['policies', name, ...error.path] })),
    ),
    writtenAt: (path) => {
      const [first, name, ...rest] = path;
      const own = first === 'policies' && rest.length > 0 ? expanded.get(String(name)) : undefined;
      return own === undefined ? path : ['policies', String(name), ...own.writtenAt(rest)];
    },
  };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
