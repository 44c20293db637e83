import { parser } from '@prometheus-io/lezer-promql';

type Node = ReturnType<typeof parser.parse>['topNode'];

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const unitsMs = { ms: 1, s: second, m: minute, h: hour, d: day, w: 7 * day, y: 365 * day } as const;
/** One part of a duration such as `1h30m`; a number by itself is of seconds. */
const PART = /(\d+(?:\.\d+)?)(ms|[smhdwy])?/g;

/**
 * How far before its own time a PromQL expression reads: ranges, the ranges of subqueries around them, and offsets into the past add
 * up; of several parts the farthest counts.
 *
 * @param query PromQL whose variables are filled in; of one with a mistake, what can be read of it counts
 * @returns milliseconds, at least 0
 * @example lookbackMs('max_over_time(rate(x[5m])[10m:1m] offset 1h)') // 75 minutes
 */
export function lookbackMs(query: string): number {
  return Math.max(0, farthest(parser.parse(query).topNode, query));
}

function farthest(node: Node, query: string): number {
  let inner = 0;
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    inner = Math.max(inner, farthest(child, query));
  switch (node.name) {
    // Of a subquery the first is its range, and the second its resolution.
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return inner + durationOf(node.getChild('DurationExpr'), query);
    case 'OffsetExpr':
      return inner + durationOf(node.getChild('OffsetDurationExpr'), query);
    default:
      return inner;
  }
}

function durationOf(node: Node | null, query: string): number {
  if (node === null) return 0;
  const text = query.slice(node.from, node.to);
  let sumMs = 0;
  for (const [, count, unit = 's'] of text.matchAll(PART))
    sumMs += Number(count) * unitsMs[unit as keyof typeof unitsMs];
  return text.startsWith('-') ? -sumMs : sumMs;
}
