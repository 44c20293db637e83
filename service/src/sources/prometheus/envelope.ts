/** What every answer of the HTTP API is wrapped in. */
export type Envelope =
  | {
      readonly kind: 'success';
      readonly data: unknown;
      /** What the server says of the query: the answer is whole. */
      readonly notices: readonly string[];
      /** What the server says of data that it could not reach: the answer is not whole. */
      readonly gaps: readonly string[];
    }
  | { readonly kind: 'error'; readonly type: string; readonly message: string }
  | { readonly kind: 'unreadable' };

/** Annotations about the query itself begin like this; any other warning is about data that is missing. */
const ABOUT_THE_QUERY = /^PromQL (?:info|warning): /;

/** Reads the envelope of an answer, whatever its status. */
export function decodeEnvelope(body: string): Envelope {
  const answer = parse(body);
  if (typeof answer !== 'object' || answer === null) return { kind: 'unreadable' };
  const { status, data, warnings, infos, isPartial, error, errorType } = answer as Record<string, unknown>;
  if (status === 'error') return { kind: 'error', type: text(errorType), message: text(error) };
  if (status !== 'success' || data === undefined) return { kind: 'unreadable' };
  const said = [...texts(warnings), ...texts(infos)];
  const isNotice = (line: string): boolean => ABOUT_THE_QUERY.test(line) || texts(infos).includes(line);
  return {
    kind: 'success',
    data,
    notices: said.filter(isNotice),
    gaps: [
      ...said.filter((line) => !isNotice(line)),
      ...(isPartial === true ? ['some storage nodes did not answer'] : []),
    ],
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
