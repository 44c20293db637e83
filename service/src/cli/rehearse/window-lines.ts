import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A line of a file. */
export interface WindowLine {
  /** 1, 2, 3 … */
  readonly number: number;
  readonly text: string;
  /** Set when the line was too long to be read; `text` is then empty. */
  readonly isTooLong: boolean;
  /** Whether it ended with a line break: what was written until a crash does not. */
  readonly isWhole: boolean;
  readonly bytes: number;
}

/** Text longer than this cannot be one string everywhere; a window of 500 metrics and 20,000 samples each has 150 MB. */
const MOST_LINE_BYTES = 256 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Lines of a file, plain or compressed with gzip, whatever its name. Holds one line at a time.
 * @param onBytes told how many bytes of the file were read, for progress
 * @throws Error when the file cannot be read or its compression is broken; lines before that have been given
 */
export async function* windowLines(
  file: string,
  onBytes: (count: number) => void,
  mostBytes = MOST_LINE_BYTES,
): AsyncGenerator<WindowLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  const add = (part: Buffer): void => {
    length += part.length;
    if (length <= mostBytes) parts.push(part);
    else parts = [];
  };
  const take = (isWhole: boolean): WindowLine => {
    const isTooLong = length > mostBytes;
    const text = isTooLong ? '' : Buffer.concat(parts).toString('utf8');
    const bytes = length + (isWhole ? 1 : 0);
    parts = [];
    length = 0;
    return { number: ++number, text, isTooLong, isWhole, bytes };
  };
  for await (const chunk of plainBytes(file, onBytes)) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, end));
      yield take(true);
      from = end + 1;
    }
    add(chunk.subarray(from));
  }
  if (length > 0) yield take(false);
}

async function* plainBytes(file: string, onBytes: (count: number) => void): AsyncGenerator<Buffer> {
  const source = counted(createReadStream(file), onBytes);
  const first = await source.next();
  if (first.done === true) return;
  const whole = startingWith(first.value, source);
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  if (!isGzip) yield* whole;
  else {
    const gunzip = createGunzip();
    // An error destroys the last stream, and reading from it tells.
    pipeline(Readable.from(whole), gunzip, () => undefined);
    yield* gunzip as AsyncIterable<Buffer>;
  }
}

async function* counted(
  stream: Readable,
  onBytes: (count: number) => void,
): AsyncGenerator<Buffer, undefined> {
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
