import type { Request, RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import { decodeLines, isPrecision, type Precision } from '../../ingest/line-protocol/decode-lines.js';
import { PayloadError } from '../../ingest/payload-error.js';
import { createErrorHandler, type SendProblem } from '../errors.js';
import { readBody, type BodyLimits } from './read-body.js';
import { refusalText } from './refusal-text.js';
import type { TakeIn } from './take-in.js';

/**
 * The line protocol of InfluxDB: `POST /write` as 1.x has it (`db` is not looked at) and `POST /api/v2/write` as 2.x does (nor are `org` and
 * `bucket`). 204 says that all of it is stored, 400 that some is left out for good and the rest is stored; clients send again after 503.
 */
export function mountInflux(
  router: Router,
  deps: {
    readonly takeIn: TakeIn;
    readonly limits: BodyLimits;
    readonly log: Logger;
    readonly clock: () => number;
  },
): void {
  const { takeIn, limits, log, clock } = deps;
  const take: RequestHandler = async (request, response) => {
    const { faults } = await takeIn(request, response, {
      dialect: 'influx',
      read: async () => ({ precision: precisionOf(request), bytes: await readBody(request, limits) }),
      decode({ precision, bytes }, sink) {
        decodeLines(new TextDecoder().decode(bytes), precision, clock(), sink);
      },
    });
    if (faults.length === 0) response.status(204).end();
    else throw new PayloadError('malformed', `partial write: ${refusalText(faults)}`);
  };
  // Clients of 1.x ask whether the server is there before they write.
  router.all('/ping', (_request, response) => {
    response.status(204).set('x-influxdb-version', '1.8-bellwether').end();
  });
  router.post('/write', take);
  router.post('/api/v2/write', take);
  router.use('/write', createErrorHandler(log, sendError1));
  router.use('/api/v2/write', createErrorHandler(log, sendError2));
}

/** @throws PayloadError `malformed` */
function precisionOf(request: Request): Precision {
  const { precision } = request.query;
  if (precision === undefined || precision === '') return 'ns';
  if (typeof precision === 'string' && isPrecision(precision)) return precision;
  throw new PayloadError('malformed', 'the precision is not known; use ns, us, ms, s, m or h');
}

const sendError1: SendProblem = (response, { problem, headers }) => {
  // Telegraf and others read the header.
  response.status(problem.status).set({ ...headers, 'x-influxdb-error': headerText(problem.detail) });
  response.json({ error: problem.detail });
};

/** The codes of InfluxDB 2. */
const CODES: Readonly<Partial<Record<number, string>>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  413: 'request too large',
  429: 'too many requests',
  503: 'unavailable',
};

const sendError2: SendProblem = (response, { problem, headers }) => {
  const code = CODES[problem.status] ?? 'internal error';
  response.status(problem.status).set(headers).json({ code, message: problem.detail });
};

/** What a header may hold. */
function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 500);
}
