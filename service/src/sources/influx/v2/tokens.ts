import { ExpressionError } from '../expression-error.js';

export interface FluxToken {
  readonly kind: 'string' | 'regex' | 'code';
  /** With its quotes or slashes. */
  readonly text: string;
}

/** A string, a regular expression behind its operator, or what lies between. */
const TOKEN = /"(?:[^"\\]|\\.)*"|(?<=[=!]~\s*)\/(?:[^/\\\n]|\\.)+\/|\/|[^"/]+|"/gs;
/** What can be divided: a slash behind anything else begins a regular expression, in which quotes mean nothing. */
const DIVIDEND = /[\w)\]"]\s*$/;
const KEYWORD = /\b(?:and|or|not|if|then|else|return|exists|in|empty|option|builtin)\s*$/;

/** Cuts a script into strings, regular expressions and code. @throws ExpressionError for an open quote, or where it is not clear what is quoted */
export function fluxTokens(flux: string): readonly FluxToken[] {
  return Array.from(flux.matchAll(TOKEN), ({ 0: text, index }) => {
    if (text === '"') throw new ExpressionError('has an open quote');
    if (text === '/') checkDivision(flux.slice(0, index));
    const isQuoted = text.length > 1;
    if (isQuoted && text.startsWith('"')) return { kind: 'string', text };
    if (isQuoted && text.startsWith('/')) return checkedRegex(text);
    return { kind: 'code', text };
  });
}

function checkDivision(before: string): void {
  if (!DIVIDEND.test(before) || KEYWORD.test(before))
    throw new ExpressionError('may hold a regular expression only behind =~ or !~');
}

function checkedRegex(text: string): FluxToken {
  if (text.includes('"'))
    throw new ExpressionError('must not hold a quote in a regular expression; write \\x22');
  return { kind: 'regex', text };
}
