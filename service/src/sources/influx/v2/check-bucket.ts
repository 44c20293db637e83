import { ExpressionError } from '../expression-error.js';
import { quoteFlux } from './quote.js';
import { fluxTokens } from './tokens.js';

/** Functions that need no import and find data, or a server, by their parameters. */
const READERS = /(?<!\.\s*)\b(?:buckets|cardinality|databases|bucketID|to|wideTo)\b/;
/** Parameters that choose another server, organisation or bucket. */
const ELSEWHERE = /\b(host|token|org|orgID|bucket|bucketID)\s*:/;
const FROM = /\bfrom\s*\(\s*bucket\s*:\s*"(\d+)"\s*\)/g;

/**
 * Lets no script choose where it reads: it begins with `from(bucket: …)` of the configured bucket, and nothing else finds data.
 * @param flux a script that is filled in
 * @returns the same
 * @throws ExpressionError
 */
export function checkBucket(flux: string, bucket: string): string {
  const strings: string[] = [];
  const outline = fluxTokens(flux)
    .map(({ kind, text }) => {
      if (kind === 'code') return text;
      if (kind === 'regex') return '/';
      strings.push(text);
      return `"${strings.length - 1}"`;
    })
    .join('');
  const rest = outline
    .replace(FROM, (whole, index: string) => {
      if (strings[Number(index)] === quoteFlux(bucket)) return '';
      throw new ExpressionError(
        `reads ${whole.replace(/"\d+"/, strings[Number(index)] ?? '')}, and the source is for the bucket ${quoteFlux(bucket)} only`,
      );
    })
    // The names of parameters may stand in quotes.
    .replace(
      /"(\d+)"(\s*:)/g,
      (_whole, index: string, colon: string) => named(strings[Number(index)] ?? '') + colon,
    );
  if (/\bfrom\b/.test(rest))
    throw new ExpressionError(
      `must read by from(bucket: ${quoteFlux(bucket)}), without other parameters or names for it`,
    );
  const elsewhere = ELSEWHERE.exec(rest)?.[1];
  if (elsewhere !== undefined)
    throw new ExpressionError(
      `must not hold "${elsewhere}:"; where a script reads is for the server configuration to say (give a column another name)`,
    );
  const reader = READERS.exec(rest)?.[0];
  if (reader !== undefined)
    throw new ExpressionError(`must not hold "${reader}"; data comes by from(bucket: ${quoteFlux(bucket)})`);
  return flux;
}

function named(quoted: string): string {
  if (quoted.includes('\\'))
    throw new ExpressionError(`must not hold ${quoted}: as a name; leave escapes out of it`);
  return quoted.slice(1, -1);
}
