import type { Reason } from '@bellwether/models';

/**
 * Reasons, each said once. A query that cannot be read fails for the history as for what came since, and differs in its times only.
 * @returns the first of those with the same code, metric and words before the query
 */
export function withoutRepeats(reasons: readonly Reason[]): readonly Reason[] {
  const said = new Set<string>();
  return reasons.filter(({ code, metric, text }) => {
    const gist = JSON.stringify([code, metric, text.replace(/ Query: .*$/s, '')]);
    return !said.has(gist) && said.add(gist);
  });
}
