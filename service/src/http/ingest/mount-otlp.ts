import type { Request, Response, Router } from 'express';
import type { Logger } from 'pino';
import { decodeMetrics, type OtlpEncoding } from '../../ingest/otlp/decode-metrics.js';
import { metricsResponse, statusMessage } from '../../ingest/otlp/messages.js';
import { PayloadError } from '../../ingest/payload-error.js';
import { createErrorHandler, type SendProblem } from '../errors.js';
import { readBody, type BodyLimits } from './read-body.js';
import { refusalText } from './refusal-text.js';
import type { TakeIn } from './take-in.js';

const TYPES: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};
/** What senders send again; any other failure makes them drop. */
const RETRYABLE = [429, 502, 503, 504];

/**
 * `POST /v1/metrics`: OTLP over HTTP, as protobuf or JSON. What is left out for good is told as a partial success, which senders log and do not
 * send again; after 503 they do.
 */
export function mountOtlp(
  router: Router,
  deps: {
    readonly takeIn: TakeIn;
    readonly limits: BodyLimits;
    readonly log: Logger;
  },
): void {
  const { takeIn, limits, log } = deps;
  router.post('/v1/metrics', async (request, response) => {
    const { faults } = await takeIn(request, response, {
      dialect: 'otlp',
      read: async () => ({ encoding: knownEncoding(request), bytes: await readBody(request, limits) }),
      decode({ encoding, bytes }, sink) {
        decodeMetrics(bytes, encoding, sink);
      },
    });
    const rejectedDataPoints = faults.reduce((sum, { samples }) => sum + samples, 0);
    const partialSuccess = { rejectedDataPoints, errorMessage: refusalText(faults) };
    send(response, request, 200, metricsResponse, faults.length === 0 ? {} : { partialSuccess });
  });
  router.use('/v1/metrics', createErrorHandler(log, sendStatus));
}

const sendStatus: SendProblem = (response, { problem, headers }) => {
  const { status, detail } = problem;
  // A full disk is one of the failures that pass.
  const known = status > 503 && !RETRYABLE.includes(status) ? 503 : status;
  response.set(headers);
  send(response, response.req, known, statusMessage, { message: detail });
};

function send(
  response: Response,
  request: Request,
  status: number,
  message: typeof metricsResponse,
  content: Record<string, unknown>,
): void {
  const encoding = encodingOf(request) ?? 'json';
  response.status(status).type(TYPES[encoding]);
  if (encoding === 'json') response.send(JSON.stringify(content));
  else response.send(Buffer.from(message.encode(message.fromObject(content)).finish()));
}

/** @throws PayloadError `unsupported` */
function knownEncoding(request: Request): OtlpEncoding {
  const encoding = encodingOf(request);
  if (encoding !== undefined) return encoding;
  throw new PayloadError(
    'unsupported',
    `the body is not understood; send ${TYPES.protobuf} or ${TYPES.json}`,
  );
}

function encodingOf(request: Request): OtlpEncoding | undefined {
  const type = (request.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === TYPES.protobuf) return 'protobuf';
  return type === TYPES.json ? 'json' : undefined;
}
