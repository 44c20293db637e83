import type { MetricSpec } from '../../domain/policy.js';
import { feedsOf, isExpression } from '../../domain/signal-feeds.js';
import { sourceFor, type Sources } from '../source-for.js';

/**
 * How far before its own interval a metric's expressions read, so long what happened lingers in them.
 *
 * @returns milliseconds, at least 0; 0 of what selectors read, and of what cannot be read
 */
export function lookbackOf(sources: Sources, project: string, spec: MetricSpec, intervalMs: number): number {
  const found = sourceFor(sources, spec.signal.source, project);
  if (found.kind === 'unusable') return 0;
  const { source } = found;
  const farthestMs = feedsOf(spec.signal).map(([, feed]) =>
    isExpression(feed) ? (source.lookbackMs?.(feed.query, intervalMs) ?? 0) : 0,
  );
  return Math.max(0, ...farthestMs.map((ms) => ms - intervalMs));
}
