import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import type { Caller, UseCases } from '../../app/use-cases.js';
import { isFault, type SampleRefusal } from '../../domain/sample-refusal.js';
import { PayloadError } from '../../ingest/payload-error.js';
import type { SampleSink } from '../../ingest/sample-sink.js';
import type { SeriesBooks } from '../../ingest/series-books.js';
import type { Dialect, IngestMetrics } from '../../telemetry/ingest-metrics.js';
import { callerOf } from '../authentication-gate.js';
import type { HttpLimits } from '../limits.js';
import { RequestError } from '../request-error.js';
import { defaultProject } from '../router-deps.js';
import { createNotices } from './notices.js';

export interface IngestDeps {
  readonly books: SeriesBooks;
  readonly metrics: IngestMetrics;
}

/** What the sender must be told. */
export interface TakenIn<Decoded> {
  readonly decoded: Decoded;
  readonly samples: number;
  /** Left out by the sender's fault, not by a rule and not because there was no value. */
  readonly faults: readonly SampleRefusal[];
}

/** Takes in the body of one request. @throws PayloadError, RequestError `busy`, AppError, StoreError; the sender may send it again then */
export type TakeIn = <Body, Decoded>(
  request: Request,
  response: Response,
  way: Way<Body, Decoded>,
) => Promise<TakenIn<Decoded>>;

/** How a dialect is read. */
export interface Way<Body, Decoded> {
  readonly dialect: Dialect;
  /** Apart from the decoding, for a slow client must not keep others of the same token waiting. */
  readonly read: () => Promise<Body>;
  readonly decode: (body: Body, sink: SampleSink) => Decoded;
}

/** What every write goes through, whatever its dialect: decoded into a sink, stored, counted, and told to the log once an hour. */
export function createTakeIn(deps: {
  readonly ingest: IngestDeps;
  readonly useCases: UseCases;
  readonly limits: Pick<HttpLimits, 'concurrentPushes'>;
  readonly log: Logger;
  readonly clock: () => number;
}): TakeIn {
  const { ingest, useCases } = deps;
  const notices = createNotices(deps.log, deps.clock);
  let inWork = 0;

  const write = async <Decoded>(
    caller: Caller,
    dialect: Dialect,
    sink: SampleSink,
    decode: (sink: SampleSink) => Decoded,
  ) => {
    const decoded = decode(sink);
    const { batches, refusals } = sink.gather();
    const written = await useCases.writeSamples(caller, batches);
    sink.stored();
    const all = [...refusals, ...written.refusals];
    ingest.metrics.received(dialect, written.stored + written.replaced);
    for (const { reason, samples, example } of all) {
      ingest.metrics.refused(dialect, reason, samples);
      if (isFault({ reason })) notices.tell({ dialect, sender: caller.name, reason }, example);
    }
    return { decoded, samples: written.stored + written.replaced, faults: all.filter(isFault) };
  };

  return async (request, response, { dialect, read, decode }) => {
    const caller = callerOf(request);
    try {
      if (inWork >= deps.limits.concurrentPushes)
        throw new RequestError(
          'busy',
          'The server is storing as many writes as it can; send this one again.',
          {
            retryAfterSeconds: 1,
          },
        );
      inWork += 1;
      response.on('close', () => (inWork -= 1));
      const sender = { id: senderId(caller), project: defaultProject(caller) };
      const body = await read();
      return await ingest.books.inTurn(sender, () =>
        write(caller, dialect, ingest.books.sink(sender), (sink) => decode(body, sink)),
      );
    } catch (error) {
      const reason = refusedBecause(error);
      ingest.metrics.requestRefused(dialect, reason);
      if (error instanceof PayloadError)
        notices.tell({ dialect, sender: caller.name, reason }, error.message);
      throw error;
    }
  };
}

/** The token alone: the people behind it share its limit. */
function senderId({ authentication }: Caller): string {
  return authentication.split(' ', 1)[0] ?? '';
}

/** A code of our own, or just `error`. */
function refusedBecause(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'error';
}
