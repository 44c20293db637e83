import { jsonErrorPosition } from './json-error-position.js';
import { RequestError } from './request-error.js';

interface ParserFailure {
  readonly type: string;
  readonly limit?: number;
  readonly body?: string;
}

/** What a failure of express's body parsers means to the client; undefined when the error is something else. */
export function bodyParserError(error: unknown): RequestError | undefined {
  if (!isParserFailure(error)) return undefined;
  switch (error.type) {
    case 'entity.parse.failed':
      return malformedJson(error.body ?? '');
    case 'entity.too.large':
      return new RequestError(
        'body-too-large',
        `The body is bigger than ${error.limit ?? 0} bytes; send less at a time.`,
        {
          errors: [
            { pointer: '', detail: `the limit is ${error.limit ?? 0} bytes`, remedy: 'split the request' },
          ],
        },
      );
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new RequestError(
        'unsupported-media-type',
        'The encoding of the body is not understood; send UTF-8, plain or gzip.',
      );
    case 'request.aborted':
    case 'request.size.invalid':
    case 'stream.encoding.set':
      return new RequestError('malformed-body', 'The body ended before its declared length; send it again.');
    default:
      return undefined;
  }
}

/** Names line, column and offset of the first character that is not JSON; `line` for one line of an NDJSON body. */
export function malformedJson(text: string, line?: number): RequestError {
  const position = jsonErrorPosition(text) ?? 0;
  const before = text.slice(0, position).split('\n');
  const row = line ?? before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  const what = position >= text.length ? 'ends too early' : 'has an unexpected character';
  const detail = `the JSON ${what} at position ${position} (line ${row}, column ${column})`;
  const remedy = 'correct the JSON there';
  return new RequestError('malformed-body', `${detail}; ${remedy}`, {
    errors: [{ pointer: '', ...(line === undefined ? {} : { line }), detail, remedy }],
  });
}

function isParserFailure(error: unknown): error is ParserFailure {
  return error instanceof Error && 'type' in error && typeof error.type === 'string';
}
