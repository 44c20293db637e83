import type { ExpressionQuery } from '../../port.js';
import { ExpressionError } from '../expression-error.js';
import { escapedInRegex } from '../escaped-in-regex.js';
import { PLACEHOLDER, replaceVariables, templateOf, type LookUp } from '../template.js';
import { escaped } from './quote.js';
import { scanInfluxql, type Piece } from './scan-influxql.js';

/**
 * One InfluxQL query with its variables quoted where they stand and its time range filled in.
 *
 * Variables stand in quotes: `'{{service}}'`, `/^{{version}}$/`, `"{{service}}"`. In a pattern a variable that is left open matches any
 * value. `$timeFilter` (or `{{from}}` and `{{to}}`) is the range, and `{{interval}}` inside `time(…)` the length and offset of an interval.
 * @throws ExpressionError
 * @example fillInfluxql(query) // SELECT mean("value") FROM "latency" WHERE time >= 0ms AND time < 60000ms AND "service" = 'cart' GROUP BY time(10000ms,0ms)
 */
export function fillInfluxql(query: ExpressionQuery): string {
  const { expression } = query;
  checkStatement(expression);
  const pieces = scanInfluxql(expression);
  if (pieces === undefined)
    throw new ExpressionError('has an open quote or a comment; close every quote and leave comments out');
  const macros = macrosOf(query);
  const { lookUp, used } = templateOf(query, macros);
  const filled = pieces.map((piece) => fillPiece(piece, lookUp)).join('');
  checkRange(used);
  if (filled.includes(';')) throw new ExpressionError('cannot hold ";", not even in the value of a variable');
  return filled.trim();
}

/** One query that only reads: what else could be smuggled in must not depend on how well quotes are understood. */
function checkStatement(expression: string): void {
  if (!/^\s*select\b/i.test(expression)) throw new ExpressionError('must be a query that begins with SELECT');
  if (expression.includes(';')) throw new ExpressionError('must be one query without ";"');
  if (/\binto\b/i.test(expression)) throw new ExpressionError('must not hold INTO; a source only reads');
}

function checkRange(used: ReadonlySet<string>): void {
  if (!used.has('timeFilter') && !(used.has('from') && used.has('to')))
    throw new ExpressionError('has no time range; write $timeFilter into its WHERE');
  if (!used.has('interval'))
    throw new ExpressionError('is not grouped; write GROUP BY time({{interval}}) fill(none)');
}

/** Grafana's own spellings are understood, so that a panel's query can be taken over. */
const DOLLARS: readonly (readonly [RegExp, string])[] = [
  [/\$timeFilter\b/g, '{{timeFilter}}'],
  [/\$(?:__)?interval\b/g, '{{interval}}'],
];

function macrosOf({ fromMs, toMs, stepMs }: ExpressionQuery): Readonly<Record<string, string>> {
  const offsetMs = ((fromMs % stepMs) + stepMs) % stepMs;
  return {
    from: `${fromMs}ms`,
    to: `${toMs}ms`,
    timeFilter: `time >= ${fromMs}ms AND time < ${toMs}ms`,
    interval: `${stepMs}ms,${offsetMs}ms`,
    intervalSeconds: String(stepMs / 1000),
  };
}

function fillPiece({ kind, text }: Piece, lookUp: LookUp): string {
  switch (kind) {
    case 'bare':
      return fillBare(text, lookUp);
    case 'regex':
      return `/${replaceVariables(text, lookUp, (value) => (value === undefined ? '.*' : escapedInRegex(value)))}/`;
    case 'identifier':
      return `"${replaceVariables(text, lookUp, (value, name) => escaped(present(value, name), '"'))}"`;
    case 'string':
      return `'${replaceVariables(text, lookUp, (value, name) => escaped(present(value, name), "'"))}'`;
  }
}

function fillBare(text: string, lookUp: LookUp): string {
  const spelled = DOLLARS.reduce((spelt, [dollar, macro]) => spelt.replace(dollar, macro), text);
  return spelled.replace(PLACEHOLDER, (_whole, name: string) => {
    const value = lookUp(name);
    if (value.kind === 'macro') return value.text;
    throw new ExpressionError(`has {{${name}}} without quotes; write '{{${name}}}'`);
  });
}

function present(value: string | undefined, name: string): string {
  if (value !== undefined) return value;
  throw new ExpressionError(
    `compares with '{{${name}}}', which stands for any value here; match a pattern: "${name}" =~ /^{{${name}}}$/`,
  );
}
