import { SourceError, type ExpressionQuery } from '../port.js';

/** The expression of a policy cannot be run; the message goes on from "the query …" and says what to write instead. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/** Fills in an expression. @throws SourceError `bad-query` naming the source and the query */
export function filledFor(
  source: string,
  query: ExpressionQuery,
  fill: (query: ExpressionQuery) => string,
): string {
  try {
    return fill(query);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new SourceError(
      'bad-query',
      `the query for source "${source}" ${error.message}. Query: ${query.expression}`,
      false,
    );
  }
}
