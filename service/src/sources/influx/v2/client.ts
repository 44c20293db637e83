import { setImmediate } from 'node:timers/promises';
import { InfluxDB } from '@influxdata/influxdb-client';
import type { Influx2Config } from '../config.js';
import { exchange, type ClientParts } from '../exchange.js';
import { askAgain } from '../ask-again.js';
import { badQuery, pieceFailure, sourceFailure } from '../influx-error.js';
import { decodeCsv, FluxError, type FluxRow } from './decode.js';

/** Of a list of series. */
const MAX_LIST_BYTES = 4 * 2 ** 20;
/** Reading one must not hold the event loop up for long. */
const MAX_PIECE_BYTES = 2 ** 19;

/** InfluxDB 2.x, or whatever speaks its `/api/v2/query`. */
export interface Influx2Client {
  /**
   * Runs a Flux script and gives its rows, table after table.
   * @throws SourceError, AnswerTooLarge with a SourceError as its cause
   */
  queryPiece(flux: string): Promise<readonly FluxRow[]>;
  /** The same for an answer that cannot be had in smaller pieces; rows of texts are passed over. @throws SourceError */
  queryNumbers(flux: string): Promise<readonly FluxRow[]>;
}

/** A client whose connections are opened by the server's egress rules. */
export function createInflux2Client(config: Influx2Config, parts: ClientParts): Influx2Client {
  const ask = async (
    flux: string,
    maxBytes: number,
    failure: typeof sourceFailure,
    texts: 'refused' | 'passed-over',
  ): Promise<readonly FluxRow[]> => {
    const asked = {
      source: config.name,
      query: flux,
      secrets: config.secrets,
      credentials: '"token" and "org"',
    };
    try {
      const csv = await exchange({ ...config, ...parts, maxBytes }, ({ createConnection }) =>
        new InfluxDB({
          url: config.url,
          token: config.token,
          timeout: config.timeoutMs,
          headers: { ...config.headers },
          transportOptions: { createConnection },
        })
          .getQueryApi(config.org)
          .queryRaw(flux),
      );
      const rows = decodeCsv(csv, config.name, texts);
      // Others get their turn before the rows are worked on.
      await setImmediate();
      return rows;
    } catch (error) {
      throw error instanceof FluxError ? badQuery(error.message, asked) : failure(error, asked);
    }
  };
  return {
    queryPiece: (flux) =>
      askAgain(config.name, parts, () => ask(flux, MAX_PIECE_BYTES, pieceFailure, 'refused')),
    queryNumbers: (flux) =>
      askAgain(config.name, parts, () => ask(flux, MAX_LIST_BYTES, sourceFailure, 'passed-over')),
  };
}
