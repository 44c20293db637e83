import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import express from 'express';
import type { Request, RequestHandler } from 'express';
import type { HttpLimits } from './limits.js';
import { RequestError } from './request-error.js';

const JSON_TYPES = ['application/json', 'application/*+json'];
const XML_TYPES = ['application/xml', 'text/xml'];
const NDJSON_TYPE = 'application/x-ndjson';

/** SHA-256 of a request's body as it came, by request; kept only for requests with an idempotency key. */
const bodyHashes = new WeakMap<IncomingMessage, string>();

/** Hash of the body's bytes, '' for none. */
export function bodyHash(request: IncomingMessage): string {
  return bodyHashes.get(request) ?? '';
}

/** Reads a JSON body; a request without one gets an empty object. */
export function createJsonBody(limits: Pick<HttpLimits, 'jsonBytes'>): readonly RequestHandler[] {
  const parse = express.json({ limit: limits.jsonBytes, type: JSON_TYPES, strict: false, verify: remember });
  return [refuseOther([...JSON_TYPES], 'application/json'), parse, emptyIsObject];
}

/** Reads pushed samples: JSON into an object, NDJSON into a string. */
export function createSampleBody(limits: Pick<HttpLimits, 'sampleBytes'>): readonly RequestHandler[] {
  const limit = limits.sampleBytes;
  return [
    refuseOther([...JSON_TYPES, NDJSON_TYPE], `application/json or ${NDJSON_TYPE}`),
    express.json({ limit, type: JSON_TYPES, strict: false, verify: remember }),
    express.text({ limit, type: NDJSON_TYPE, defaultCharset: 'utf-8', verify: remember }),
    emptyIsObject,
  ];
}

/** Reads the report of a check: JSON into an object, a JUnit report into a string. */
export function createReportBody(
  limits: Pick<HttpLimits, 'jsonBytes' | 'junitBytes'>,
): readonly RequestHandler[] {
  return [
    refuseOther([...JSON_TYPES, ...XML_TYPES], 'application/json or application/xml'),
    express.json({ limit: limits.jsonBytes, type: JSON_TYPES, strict: false, verify: remember }),
    express.text({ limit: limits.junitBytes, type: XML_TYPES, defaultCharset: 'utf-8', verify: remember }),
    emptyIsObject,
  ];
}

/** Reads any body as its bytes, as signatures need it. */
export function createRawBody({ jsonBytes }: Pick<HttpLimits, 'jsonBytes'>): RequestHandler {
  return express.raw({
    limit: jsonBytes,
    type: () => true,
    verify: (request, _response, body) => rememberHash(request, body),
  });
}

function remember(request: IncomingMessage, _response: unknown, body: Buffer): void {
  if (request.headers['idempotency-key'] !== undefined) rememberHash(request, body);
}

function rememberHash(request: IncomingMessage, body: Buffer): void {
  bodyHashes.set(request, createHash('sha256').update(body).digest('hex'));
}

function refuseOther(types: string[], wanted: string): RequestHandler {
  return (request, _response, next) => {
    // `is` answers null for a request without a body.
    if (request.is(types) !== false || !hasBody(request)) next();
    else
      throw new RequestError(
        'unsupported-media-type',
        `The body is not understood; send it with content-type: ${wanted}.`,
        {
          errors: [{ header: 'content-type', detail: 'is not a known type', remedy: `use ${wanted}` }],
        },
      );
  };
}

/** Clients send `content-length: 0` with an empty POST, and some a type that fits nothing. */
function hasBody(request: Request): boolean {
  return request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
}

const emptyIsObject: RequestHandler = (request, _response, next) => {
  if (request.body === undefined) request.body = {};
  next();
};
