import type { FieldError } from '../api/field-errors.js';
import { closestKey } from '../api/closest-key.js';
import type { Policy } from '../domain/policy.js';

/** Names that policies refer to and only the server's configuration has. */
export interface KnownNames {
  readonly executors: readonly string[];
  /** Without `push`, which is always there. */
  readonly sources: readonly string[];
}

/** Executors and sources that a policy names and the server does not have. */
export function checkReferences(policy: Policy, known: KnownNames): readonly FieldError[] {
  const { mode, executor } = policy;
  const errors: FieldError[] = policy.metrics.flatMap(({ signal: { source } }, index) =>
    source === undefined || source === 'push' || known.sources.includes(source)
      ? []
      : [unconfigured(['metrics', index, 'signal', 'source'], source, 'source', known.sources)],
  );
  const looked = policy.discover?.source ?? 'push';
  if (looked !== 'push' && !known.sources.includes(looked))
    errors.push(unconfigured(['discover', 'source'], looked, 'source', known.sources));
  if (executor === undefined && mode === 'act')
    errors.push({
      path: ['executor'],
      detail: 'is missing',
      remedy: 'a policy that acts names one of "executors", or its mode is "recommend"',
    });
  if (executor !== undefined && !known.executors.includes(executor))
    errors.push(unconfigured(['executor'], executor, 'executor', known.executors));
  return errors;
}

function unconfigured(
  path: FieldError['path'],
  name: string,
  what: string,
  known: readonly string[],
): FieldError {
  const closest = closestKey(name, known);
  const list = known.length === 0 ? `none is configured` : `configured: ${known.join(', ')}`;
  return {
    path,
    detail: `no ${what} "${name}" is configured`,
    remedy: closest === undefined ? list : `did you mean "${closest}"?`,
  };
}
