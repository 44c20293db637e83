import type { ExpressionQuery } from '../../port.js';
import { ExpressionError } from '../expression-error.js';
import { escapedInRegex } from '../escaped-in-regex.js';
import { PLACEHOLDER, replaceVariables, templateOf, type LookUp } from '../template.js';
import { escapedInFlux } from './quote.js';
import { fluxTokens, type FluxToken } from './tokens.js';

/** Packages that compute and reach nothing outside of the query. */
const IMPORTS = ['date', 'experimental/aggregate', 'join', 'math', 'regexp', 'strings', 'timezone', 'types'];
/** A string that ends where it should and holds no expression. */
const WHOLE_STRING = /^"(?:[^"\\$]|\$(?!\{)|\\.)*"$/s;
/**
 * One Flux script with its variables escaped where they stand and its time range filled in.
 *
 * Variables stand in strings or regular expressions; in the latter one that is left open matches any value. `{{from}}`, `{{to}}`,
 * `{{interval}}` and `{{offset}}` stand outside of them.
 * @throws ExpressionError
 */
export function fillFlux(query: ExpressionQuery): string {
  checkScript(query.expression);
  const macros = macrosOf(query);
  const { lookUp, used } = templateOf(query, macros);
  const filled = fluxTokens(query.expression)
    .map((token) => fillToken(token, lookUp))
    .join('');
  if (!used.has('from') || !used.has('to'))
    throw new ExpressionError('has no time range; write range(start: {{from}}, stop: {{to}})');
  if (!used.has('interval'))
    throw new ExpressionError(
      'is not grouped; write aggregateWindow(every: {{interval}}, offset: {{offset}}, fn: mean, timeSrc: "_start", createEmpty: false)',
    );
  return filled;
}

/** A script that only reads and reaches nothing else, whatever is quoted and what not. */
function checkScript(expression: string): void {
  if (/\b(?:to|wideTo)\b/.test(expression.replace(PLACEHOLDER, ' ')))
    throw new ExpressionError('must not hold the word "to"; a source only reads');
  if (/\/\/|\$\{/.test(expression)) throw new ExpressionError('must not hold comments (//) or ${');
  for (const [whole, name = ''] of expression.matchAll(/\bimport\b(?:\s*"([^"]*)")?/g))
    if (!IMPORTS.includes(name))
      throw new ExpressionError(`must not hold ${whole}; a query may import ${IMPORTS.join(', ')}`);
}

function macrosOf({ fromMs, toMs, stepMs }: ExpressionQuery): Readonly<Record<string, string>> {
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    interval: `${stepMs}ms`,
    offset: `${((fromMs % stepMs) + stepMs) % stepMs}ms`,
  };
}

function fillToken({ kind, text }: FluxToken, lookUp: LookUp): string {
  if (kind === 'string') return fillString(text, lookUp);
  if (kind === 'regex')
    return replaceVariables(text, lookUp, (value) => (value === undefined ? '.*' : escapedInRegex(value)));
  return text.replace(PLACEHOLDER, (_whole, name: string) => {
    const value = lookUp(name);
    if (value.kind === 'macro') return value.text;
    throw new ExpressionError(`has {{${name}}} without quotes; write "{{${name}}}"`);
  });
}

function fillString(text: string, lookUp: LookUp): string {
  const filled = replaceVariables(text, lookUp, (value, name) => escapedInFlux(present(value, name)));
  // Each value is escaped, but what stands before it could change what its beginning means: `$` before `{`, or a backslash.
  if (WHOLE_STRING.test(filled)) return filled;
  throw new ExpressionError(
    `cannot be filled in: in ${text} the values would begin an expression or end the string`,
  );
}

function present(value: string | undefined, name: string): string {
  if (value !== undefined) return value;
  throw new ExpressionError(
    `compares with "{{${name}}}", which stands for any value here; match a pattern: r.${name} =~ /^{{${name}}}$/`,
  );
}
