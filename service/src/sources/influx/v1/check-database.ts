import { ExpressionError } from '../expression-error.js';
import { scanInfluxql } from './scan-influxql.js';

interface Scope {
  readonly database: string;
  readonly retentionPolicy?: string;
}

const NUMBER = /(?<![\w."'])\d+\.\d+(?![\w."'])/g;
const DATABASE_AND_POLICY = /("\d+"|\w+)\s*\.\s*("\d+"|\w+)?\s*\.\s*/g;
const POLICY = /("\d+"|\w+)\s*\.\s*/g;

/**
 * Lets no query choose where it reads: `"other"."autogen"."m"` is refused, what names the configured place is not.
 * @param influxql a query that is filled in
 * @returns the same
 * @throws ExpressionError
 */
export function checkDatabase(influxql: string, { database, retentionPolicy }: Scope): string {
  const pieces = scanInfluxql(influxql);
  if (pieces === undefined) throw new ExpressionError('cannot be filled in: a value would end its quotes');
  const named: string[] = [];
  const outline = pieces.map(({ kind, text }) => {
    if (kind === 'bare') return text;
    if (kind !== 'identifier') return "''";
    named.push(text.replace(/\\(.)/g, '$1'));
    return `"${named.length - 1}"`;
  });
  const nameOf = (part: string): string =>
    part.startsWith('"') ? (named[Number(part.slice(1, -1))] ?? '') : part;
  const checkPolicy = (policy: string | undefined): void => {
    if (policy === undefined || (retentionPolicy !== undefined && nameOf(policy) === retentionPolicy)) return;
    throw new ExpressionError(
      `names a retention policy or has a dot outside of quotes (${nameOf(policy)}.); write FROM "measurement", and what has dots in quotes as a whole; the retention policy is "retentionPolicy" of the source`,
    );
  };
  const rest = outline
    .join('')
    .replace(NUMBER, '0')
    .replace(DATABASE_AND_POLICY, (_whole, from: string, policy?: string) => {
      if (nameOf(from) !== database)
        throw new ExpressionError(
          `reads the database "${nameOf(from)}", and the source is for "${database}" only; write FROM "measurement"`,
        );
      checkPolicy(policy);
      return '';
    })
    .replace(POLICY, (_whole, policy: string) => {
      checkPolicy(policy);
      return '';
    });
  if (rest.includes('.')) throw new ExpressionError('has a dot outside of quotes; write FROM "measurement"');
  return influxql;
}
