import { PUSH_SOURCE } from '../domain/signal-feeds.js';
import { SourceError, type MetricSource } from '../sources/port.js';

/** A source of the configuration and the project that may read it; `*` stands for every project. */
export interface ConfiguredSource {
  readonly source: MetricSource;
  readonly project: string;
}

/** By name, `push` among them; `keepsSamples` names the one that holds what was pushed and that nobody may read by its own name. */
export type Sources = ReadonlyMap<string, ConfiguredSource> & { readonly keepsSamples?: string };

export type FoundSource =
  | { readonly kind: 'ok'; readonly source: MetricSource }
  | { readonly kind: 'unusable'; readonly reason: string; readonly remedy: string };

/** The source that a signal of a project reads, or why it can't and what to do. */
export function sourceFor(sources: Sources, name = PUSH_SOURCE, project: string): FoundSource {
  const found = sources.get(name);
  if (found === undefined && name === sources.keepsSamples)
    return {
      kind: 'unusable',
      reason: `the source "${name}" keeps the pushed samples of every project, and no policy may read it`,
      remedy: 'leave "source" out to read what was pushed',
    };
  if (found === undefined)
    return {
      kind: 'unusable',
      reason: `there is no source "${name}" (known: ${[...sources.keys()].join(', ')})`,
      remedy: 'add it to "sources" in the server configuration, or name one that is there',
    };
  if (found.project === '*' || found.project === project) return { kind: 'ok', source: found.source };
  return {
    kind: 'unusable',
    reason: `the source "${name}" is for the project "${found.project}", not for "${project}"`,
    remedy: `name a source that is for this project, or widen this one's "project" in the server configuration`,
  };
}

/** The same, for a policy that was accepted: the configuration may have changed since. @throws SourceError `unknown-source` */
export function requireSource(sources: Sources, name: string | undefined, project: string): MetricSource {
  const found = sourceFor(sources, name, project);
  if (found.kind === 'ok') return found.source;
  throw new SourceError('unknown-source', `${found.reason}; ${found.remedy}`, false);
}
