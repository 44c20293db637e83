import type { Request, Response, Router } from 'express';
import type { Logger } from 'pino';
import { PayloadError } from '../../ingest/payload-error.js';
import { decodeWriteRequest } from '../../ingest/remote-write/decode-write-request.js';
import { decodeWriteRequest2, type WrittenCounts } from '../../ingest/remote-write/decode-write-request-2.js';
import type { SampleSink } from '../../ingest/sample-sink.js';
import { createErrorHandler, type SendProblem } from '../errors.js';
import { readBody, type BodyLimits } from './read-body.js';
import { refusalText } from './refusal-text.js';
import type { TakeIn } from './take-in.js';

const V2 = 'io.prometheus.write.v2.Request';
const V1 = 'prometheus.WriteRequest';

/**
 * `POST /api/v1/write`: Prometheus remote-write 1.0 and 2.0. 204 says that all of it is stored, 400 that some is left out for good and the rest is
 * stored; 503 is the way to say "later", for Prometheus drops what gets 429 unless `retry_on_http_429` is set.
 */
export function mountRemoteWrite(
  router: Router,
  deps: {
    readonly takeIn: TakeIn;
    readonly limits: BodyLimits;
    readonly log: Logger;
  },
): void {
  const { takeIn, limits } = deps;
  router.post('/api/v1/write', async (request, response) => {
    const { decoded, faults, samples } = await takeIn(request, response, {
      dialect: 'remote-write',
      read: async () => ({ decode: decoderFor(request), bytes: await readBody(request, limits, 'snappy') }),
      decode: ({ decode, bytes }, sink) => decode(bytes, sink),
    });
    if (decoded !== undefined) tellWritten(response, decoded, samples);
    if (faults.length === 0) response.status(204).end();
    else
      response
        .status(400)
        .type('text/plain')
        .send(`${refusalText(faults)}\n`);
  });
  router.use('/api/v1/write', createErrorHandler(deps.log, sendLine));
}

/** By the message that the content type names. @throws PayloadError `unsupported` */
function decoderFor(request: Request): (bytes: Uint8Array, sink: SampleSink) => WrittenCounts | undefined {
  const [type = '', ...parameters] = (request.get('content-type') ?? 'application/x-protobuf')
    .split(';')
    .map((part) => part.trim());
  const message = parameters.find((part) => part.startsWith('proto='))?.slice('proto='.length) ?? V1;
  if (type === 'application/x-protobuf' && message === V1) return decodeWriteRequest;
  if (type === 'application/x-protobuf' && message === V2) return decodeWriteRequest2;
  throw new PayloadError(
    'unsupported',
    `the body is not understood; send application/x-protobuf of ${V1} or ${V2} (protobuf_message in the configuration of Prometheus)`,
  );
}

/** Senders of version 2.0 take an answer without these for one of a receiver that knows 1.0 only. */
function tellWritten(response: Response, { samples, histograms }: WrittenCounts, stored: number): void {
  response.set({
    'x-prometheus-remote-write-samples-written': String(Math.min(samples, stored)),
    'x-prometheus-remote-write-histograms-written': String(stored > 0 ? histograms : 0),
    'x-prometheus-remote-write-exemplars-written': '0',
  });
}

/** Prometheus writes the first line of an answer into its log. */
const sendLine: SendProblem = (response, { problem, headers }) => {
  response.status(problem.status).set(headers).type('text/plain').send(`${problem.detail}\n`);
};
