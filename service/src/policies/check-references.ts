import type { FieldError } from '../api/field-errors.js';
import { closestKey } from '../api/closest-key.js';
import type { Policy } from '../domain/policy.js';

/** Names that policies refer to and only the server's configuration has. */
export interface KnownNames {
  readonly executors: readonly string[];
  /** Without `push`, which is always there. */
  readonly sources: readonly string[];
  /** The one that keeps what was pushed, which no policy may read by its own name. */
  readonly keepsSamples?: string;
}

/** Executors and sources that a policy names and the server does not have. */
export function checkReferences(policy: Policy, known: KnownNames): readonly FieldError[] {
  const { mode, executor } = policy;
  const errors: FieldError[] = policy.metrics.flatMap(({ signal: { source } }, index) =>
    source === undefined || source === 'push' || known.sources.includes(source)
      ? []
      : [unreadable(['metrics', index, 'signal', 'source'], source, known)],
  );
  const looked = policy.discover?.source ?? 'push';
  if (looked !== 'push' && !known.sources.includes(looked))
    errors.push(unreadable(['discover', 'source'], looked, known));
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

function unreadable(path: FieldError['path'], name: string, known: KnownNames): FieldError {
  if (name !== known.keepsSamples) return unconfigured(path, name, 'source', known.sources);
  return {
    path,
    detail: `the source "${name}" keeps the pushed samples of every project, and no policy may read it`,
    remedy: 'leave "source" out to read what was pushed',
  };
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
