import { setImmediate } from 'node:timers/promises';
import { InfluxDB, type IPoint, type IPoolOptions } from 'influx';
import type { Influx1Config } from '../config.js';
import { exchange, type ClientParts, type OwnConnection } from '../exchange.js';
import { askAgain } from '../ask-again.js';
import { badQuery, pieceFailure, sourceFailure } from '../influx-error.js';
import { decodeAnswer, type Influx1Series } from './decode.js';

/** Of lists, and of what cannot be asked for in smaller pieces. */
const MAX_ANSWER_BYTES = 128 * 2 ** 20;
/** Reading one must not hold the event loop up for long. */
const MAX_PIECE_BYTES = 2 ** 19;

/** One point as the line protocol has it; the caller has made its texts fit. */
export interface Influx1Point {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number>>;
  readonly timeMs: number;
}

/** InfluxDB 1.x. */
export interface Influx1Client {
  /**
   * Runs InfluxQL statements, `;` between them, and gives the series of each.
   * @throws SourceError
   */
  query(influxql: string): Promise<readonly (readonly Influx1Series[])[]>;
  /**
   * The same for one statement whose answer can be had in smaller pieces.
   * @throws SourceError, AnswerTooLarge with a SourceError as its cause
   */
  queryPiece(influxql: string): Promise<readonly Influx1Series[]>;
  /** Durable when it resolves. @throws SourceError */
  write(points: readonly Influx1Point[]): Promise<void>;
}

/** A client whose connections are opened by the server's egress rules. */
export function createInflux1Client(config: Influx1Config, parts: ClientParts): Influx1Client {
  const asked = {
    source: config.name,
    secrets: config.secrets,
    credentials: '"username" and "password"',
  };
  const target = { ...config, ...parts, maxBytes: MAX_ANSWER_BYTES };
  const policy = config.retentionPolicy === undefined ? {} : { retentionPolicy: config.retentionPolicy };
  const ask = async (
    influxql: string,
    maxBytes: number,
    failure: typeof sourceFailure,
  ): Promise<readonly (readonly Influx1Series[])[]> => {
    const about = { ...asked, query: influxql };
    try {
      // POST, for a query may be longer than a URL; what it may do is checked where it is made.
      const raw = await exchange<unknown>({ ...target, maxBytes }, (own) =>
        connected(config, own).queryRaw(influxql, { method: 'POST', precision: 'ms', ...policy }),
      );
      const { statements, error } = decodeAnswer(raw, config.name);
      if (error !== undefined) throw badQuery(error, about);
      // Parsing and decoding take some milliseconds each: others get their turn in between.
      await setImmediate();
      return statements;
    } catch (error) {
      throw failure(error, about);
    }
  };
  return {
    query: (influxql) => askAgain(config.name, parts, () => ask(influxql, MAX_ANSWER_BYTES, sourceFailure)),
    async queryPiece(influxql) {
      const [series = []] = await askAgain(config.name, parts, () =>
        ask(influxql, MAX_PIECE_BYTES, pieceFailure),
      );
      return series;
    },
    async write(points) {
      try {
        await exchange(target, (own) =>
          connected(config, own).writePoints(points.map(toPoint), { precision: 'ms', ...policy }),
        );
      } catch (error) {
        throw sourceFailure(error, asked);
      }
    },
  };
}

/** The library would take the host out of service after a failure and try again by itself; both are decided by who asks. */
const noBackoff: NonNullable<IPoolOptions['backoff']> = {
  getDelay: () => 0,
  next: () => noBackoff,
  reset: () => noBackoff,
};

function connected(config: Influx1Config, own: OwnConnection): InfluxDB {
  const { protocol, hostname, port, pathname } = new URL(config.url);
  const isTls = protocol === 'https:';
  return new InfluxDB({
    protocol: isTls ? 'https' : 'http',
    host: hostname,
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
    path: pathname.replace(/\/+$/, ''),
    database: config.database,
    // Left out, the library sends its own default.
    username: config.username ?? '',
    password: config.password ?? '',
    options: { createConnection: own.createConnection, headers: { ...config.headers } },
    pool: { maxRetries: 0, backoff: noBackoff, requestTimeout: config.timeoutMs },
  });
}

function toPoint({ measurement, tags, fields, timeMs }: Influx1Point): IPoint {
  // A text, because the library takes the number 0 for no time.
  return { measurement, tags: { ...tags }, fields: { ...fields }, timestamp: String(timeMs) };
}
