import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Request } from 'express';
import { PayloadError } from '../../ingest/payload-error.js';
import { unpackSnappy } from '../../ingest/remote-write/unpack-snappy.js';
import type { HttpLimits } from '../limits.js';

export type BodyLimits = Pick<HttpLimits, 'writeBytes' | 'unpackedBytes'>;

const unzip = promisify(gunzip);

/**
 * The bytes of a body, unpacked: the parsers of express know no snappy, and measure a body only once it is unpacked.
 * @param encoding what it is packed with where it does not say
 * @throws PayloadError `too-large`, as soon as that is known, `unsupported`, `malformed`
 */
export async function readBody(
  request: Request,
  limits: BodyLimits,
  encoding = 'identity',
): Promise<Uint8Array> {
  const packed = await readPacked(request, limits.writeBytes);
  const given = (request.get('content-encoding') ?? encoding).toLowerCase();
  if (given === 'identity') return packed;
  if (given === 'snappy') return unpackSnappy(packed, limits.unpackedBytes);
  if (given === 'gzip') return unpackGzip(packed, limits.unpackedBytes);
  throw new PayloadError(
    'unsupported',
    `the encoding ${given.slice(0, 40)} is not known here; send gzip, snappy or none`,
  );
}

async function readPacked(request: Request, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  // Left open, for a sender whose connection breaks instead of getting the answer sends the same again.
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const part of body) {
    length += part.length;
    if (length > maxBytes)
      throw new PayloadError(
        'too-large',
        `the body is longer than ${maxBytes} bytes; send fewer samples at a time`,
      );
    parts.push(part);
  }
  return Buffer.concat(parts, length);
}

async function unpackGzip(packed: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await unzip(packed, { maxOutputLength: maxBytes });
  } catch (cause) {
    const isTooLarge = cause instanceof RangeError;
    if (isTooLarge)
      throw new PayloadError(
        'too-large',
        `the body unpacks to more than ${maxBytes} bytes; send fewer samples at a time`,
      );
    throw new PayloadError('malformed', 'the body is not packed with gzip, or is cut off', { cause });
  }
}
