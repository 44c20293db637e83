import { SourceError, type ExpressionVariables } from '../port.js';

/** A string literal in any of the three quotes, a comment, or the code between them. */
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*|[^"'`#]+|["'`]/gs;
const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g;
/** The operator of a label matcher, right before its value. */
const OPERATOR = /(=~|!~|!=|=)\s*$/;

/**
 * PromQL with its variables filled in: inside a string literal as its operator and quotes want them, so that no value can change what
 * the query asks for. After `=~` and `!~` a value matches only itself, and a version that is left open matches every one.
 *
 * @param stepMs what `{{interval}}` stands for
 * @throws SourceError `bad-query` for a variable outside of quotes, and for `="{{version}}"` where the whole service is read
 * @example fillExpression('m{v=~"{{version}}"}', { …, version: '1.2' }, 60_000) // 'm{v=~"1\\.2"}'
 */
export function fillExpression(expression: string, variables: ExpressionVariables, stepMs: number): string {
  const interval = durationText(stepMs);
  let filled = '';
  for (const [token] of expression.matchAll(TOKEN)) {
    if (token.startsWith('#')) filled += token;
    else if (isLiteral(token)) filled += fillLiteral(token, OPERATOR.exec(filled)?.[1], variables, interval);
    else filled += fillCode(token, interval);
  }
  return filled;
}

/** PromQL with `{{interval}}` alone filled in. */
export function fillInterval(expression: string, stepMs: number): string {
  return expression.replace(VARIABLE, (whole, name: string) =>
    name === 'interval' ? durationText(stepMs) : whole,
  );
}

function isLiteral(token: string): boolean {
  return token.length > 1 && /^["'`]/.test(token);
}

function fillCode(code: string, interval: string): string {
  return code.replace(VARIABLE, (whole, name: string) => {
    if (name === 'interval') return interval;
    throw badQuery(`${whole} stands outside of quotes; write it as the value of a label: name=~"${whole}"`);
  });
}

function fillLiteral(
  literal: string,
  operator: string | undefined,
  variables: ExpressionVariables,
  interval: string,
): string {
  const quote = literal.slice(0, 1);
  const isPattern = operator === '=~' || operator === '!~';
  return literal.replace(VARIABLE, (whole, name: string) => {
    if (name === 'interval') return interval;
    const value = valueOf(name, variables, whole);
    if (value !== undefined) return quoted(isPattern ? matchingOnly(value) : value, quote);
    if (operator === '=' || operator === '!=')
      throw badQuery(
        `${operator}"${whole}" finds nothing where the whole service is read; write =~"${whole}"`,
      );
    return '.*';
  });
}

/** @returns undefined for a version that is left open */
function valueOf(name: string, variables: ExpressionVariables, whole: string): string | undefined {
  if (name === 'version') return variables.version;
  if (name === 'service' || name === 'environment' || name === 'previousVersion') return variables[name];
  throw badQuery(`the variable ${whole} is not known`);
}

/** RE2 that matches this text alone. */
function matchingOnly(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

function quoted(text: string, quote: string): string {
  // The other kind of quote must not be escaped: PromQL takes that for a mistake.
  if (quote !== '`')
    return text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n');
  if (!text.includes('`')) return text;
  throw badQuery('a value holds a back-quote and stands in back-quotes; use double quotes in the query');
}

function badQuery(message: string): SourceError {
  return new SourceError('bad-query', message, false);
}

/** A length of time as PromQL writes it. */
export function durationText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
