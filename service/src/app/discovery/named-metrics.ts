import type { MetricSpec } from '../../domain/policy.js';
import { feedsOf, isExpression } from '../../domain/signal-feeds.js';

/** Every metric that a policy reads: those of its selectors, and each name that stands in a query. */
export function namedMetrics(metrics: readonly MetricSpec[]): ReadonlySet<string> {
  return new Set(
    metrics.flatMap(({ signal }) =>
      feedsOf(signal).flatMap(([, feed]) =>
        isExpression(feed)
          ? [feed.query, feed.control?.query ?? ''].flatMap(
              (query) => query.match(/[A-Za-z_:][A-Za-z0-9_:.]*/g) ?? [],
            )
          : [feed.metric, ...(signal.type === 'histogram' ? [`${feed.metric}_bucket`] : [])],
      ),
    ),
  );
}

/** @param patterns names in which `*` stands for any letters */
export function isIgnored(metric: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesGlob(metric, pattern));
}

/** Piece by piece, because a pattern made into a regular expression could take for ever. */
function matchesGlob(text: string, pattern: string): boolean {
  const [head = '', ...pieces] = pattern.split('*');
  const tail = pieces.pop();
  if (tail === undefined) return text === head;
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const piece of pieces) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}
