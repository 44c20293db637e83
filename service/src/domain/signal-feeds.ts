import type { Expression, Feed, MetricSpec, Selector, Signal } from './policy.js';

/** The source of a signal that names none: what was pushed to Bellwether itself. */
export const PUSH_SOURCE = 'push';

/** The parts of a signal by the name of their field, each with what feeds it; an expression of a gauge stands in the signal itself. */
export function feedsOf(
  signal: Signal,
): readonly (readonly [part: 'series' | 'query' | 'events' | 'total', feed: Feed])[] {
  if (signal.type === 'ratio')
    return [
      ['events', signal.events],
      ['total', signal.total],
    ];
  return 'query' in signal ? [['query', signal]] : [['series', signal.series]];
}

export function isExpression(feed: Feed): feed is Expression {
  return 'query' in feed;
}

/** String literals, whose content counts as it is; comments, in which a version changes nothing; and everything else. */
const PIECES = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|(?:#|\/\/)[^\n]*|[\s\S]/g;
const VERSION = /\{\{\s*version\s*\}\}/g;
const PREVIOUS_VERSION = /\{\{\s*previousVersion\s*\}\}/g;

/**
 * Whether the arms of a canary can be told apart: by the labels laid over selectors, or by what an expression says. Every part must
 * tell them apart: where one does not, both arms would read the same numbers there, which hides harm.
 *
 * @param fill puts values in the place of variables, which can make equal what is written differently; default: they stay as they are
 */
export function tellsArmsApart(
  { signal, arms }: Pick<MetricSpec, 'signal' | 'arms'>,
  fill: (text: string) => string = (text) => text,
): boolean {
  return feedsOf(signal).every(([, feed]) => {
    const [treatment, control] = isExpression(feed) ? queriesOf(feed) : selectorsOf(feed, arms);
    return fill(treatment) !== fill(control);
  });
}

type ByArm = readonly [treatment: string, control: string];

/** In a control arm the version is the previous one; a query that names that one reads it in both. */
function queriesOf({ query, control }: Expression): ByArm {
  const [treatment, other] = [query, control?.query ?? query].map(withoutRemarks);
  return [treatment ?? '', (other ?? '').replace(VERSION, '{{previousVersion}}')];
}

function selectorsOf({ metric, labels }: Selector, { treatment, control }: MetricSpec['arms']): ByArm {
  const text = (overlay: Selector['labels']): string =>
    JSON.stringify([
      metric,
      Object.entries({ ...labels, ...overlay }).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ]).replace(PREVIOUS_VERSION, '{{previousVersion}}');
  return [text(treatment), text(control)];
}

/** What is left to be worked out of a query: without comments and the spaces between its words. */
function withoutRemarks(query: string): string {
  return query
    .replace(PIECES, (piece) => (/^(?:\s|#|\/\/)/.test(piece) ? '' : piece))
    .replace(PREVIOUS_VERSION, '{{previousVersion}}');
}
