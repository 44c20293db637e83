/** What can be read off the bytes of an HTTP answer, however much of it came. */
export interface WireAnswer {
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  /** What the server says is wrong. */
  readonly message?: string;
}

/** Where a status, its headers and an error message stand. */
const HEAD_BYTES = 16_384;
const MESSAGE_CHARACTERS = 500;

/**
 * Keeps the beginning of an answer: the client libraries drop status, headers and body of a failing server.
 * @returns `take` counts the bytes so far
 */
export function openWire(): {
  readonly take: (chunk: Buffer) => number;
  readonly answer: () => WireAnswer;
} {
  let head = Buffer.alloc(0);
  let bytes = 0;
  return {
    take(chunk) {
      bytes += chunk.length;
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
      return bytes;
    },
    answer: () => readAnswer(head.toString('utf8')),
  };
}

function readAnswer(text: string): WireAnswer {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  const after = /^retry-after:[ \t]*(\d{1,6})[ \t]*$/im.exec(head)?.[1];
  const message = end < 0 ? undefined : messageOf(text.slice(end));
  return {
    ...(status === undefined ? {} : { status: Number(status) }),
    ...(after === undefined ? {} : { retryAfterSeconds: Number(after) }),
    ...(message === undefined ? {} : { message }),
  };
}

/** `{"error": "…"}` of 1.x, `{"code": "…", "message": "…"}` of 2.x. */
function messageOf(body: string): string | undefined {
  const literal = /"(?:error|message)"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  if (literal === undefined) return undefined;
  try {
    return String(JSON.parse(literal)).slice(0, MESSAGE_CHARACTERS);
  } catch {
    return undefined;
  }
}
