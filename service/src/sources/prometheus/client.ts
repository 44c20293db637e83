import { setImmediate } from 'node:timers/promises';
import pRetry from 'p-retry';
import { AnswerTooLarge } from '../ask-in-pieces.js';
import { SourceError } from '../port.js';
import { fetchFailure, type SourceFetch, type SourceResponse } from '../source-fetch.js';
import type { PrometheusConfig } from './config.js';
import { answerError } from './answer-error.js';
import { decodeEnvelope } from './envelope.js';
import { withoutSecrets } from './without-secrets.js';

/** Attempts after the first; whoever asked tries again later anyway. */
const RETRIES = 2;
const FIRST_PAUSE_MS = 250;
/**
 * Understood by the servers that have them and ignored by others: a cached answer is moved to a grid of the server's own
 * (VictoriaMetrics), and one that lacks a part of the data must be an error (Thanos, VictoriaMetrics cluster).
 */
const ALWAYS = { nocache: '1', partial_response: 'false', deny_partial_response: '1' };

export interface PrometheusClient {
  /**
   * Asks an endpoint of the HTTP API, again where that can help.
   * @param about what is asked for, in words for people
   * @returns the `data` of the answer, which is whole
   * @throws SourceError, AnswerTooLarge
   */
  ask(endpoint: string, parameters: Readonly<Record<string, string>>, about: string): Promise<unknown>;
  /** The same by GET, for the endpoints that take nothing else. */
  get(endpoint: string, about: string): Promise<unknown>;
}

export interface ClientParts {
  readonly fetch: SourceFetch;
  /** Aborted when the service stops. */
  readonly stop: AbortSignal;
  /** Attempts after the first. Default: 2. */
  readonly retries?: number;
  /** Pause before the second attempt, doubled at most by chance; the next is three times as long. Default: 250. */
  readonly firstPauseMs?: number;
  /** What a server says of a query whose answer is whole. */
  readonly onNotice?: (text: string) => void;
}

export function createPrometheusClient(config: PrometheusConfig, parts: ClientParts): PrometheusClient {
  const base = `${config.url.replace(/\/+$/, '')}/api/v1`;
  const { headers, timeoutMs } = config;

  const exchange = async (
    request: Pick<Parameters<SourceFetch>[0], 'url' | 'method' | 'headers' | 'body'>,
    about: string,
  ): Promise<unknown> => {
    try {
      const response = await parts.fetch({ ...request, read: 'whole', timeoutMs, signal: parts.stop });
      const data = wholeData(config, response, about, parts.onNotice);
      // Parsing and decoding take some milliseconds each: others get their turn in between.
      await setImmediate();
      return data;
    } catch (error) {
      throw asOutcome(config, error, about);
    }
  };
  const persistently = (attempt: () => Promise<unknown>): Promise<unknown> =>
    pRetry(attempt, {
      retries: parts.retries ?? RETRIES,
      minTimeout: parts.firstPauseMs ?? FIRST_PAUSE_MS,
      factor: 3,
      randomize: true,
      signal: parts.stop,
      shouldRetry: ({ error }) => error instanceof SourceError && error.code === 'unavailable',
    }).catch((error: unknown) => {
      throw parts.stop.aborted && !(error instanceof SourceError) ? stopping(config, error) : error;
    });

  return {
    ask(endpoint, parameters, about) {
      const body = new URLSearchParams({ ...parameters, ...ALWAYS }).toString();
      const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
      const request = { url: `${base}/${endpoint}`, method: 'POST', headers: form, body } as const;
      return persistently(() => exchange(request, about));
    },
    get: (endpoint, about) =>
      persistently(() => exchange({ url: `${base}/${endpoint}`, method: 'GET', headers }, about)),
  };
}

/** @throws SourceError unless the answer is there, readable and whole */
function wholeData(
  config: PrometheusConfig,
  response: SourceResponse,
  about: string,
  onNotice: ClientParts['onNotice'],
): unknown {
  const envelope = decodeEnvelope(response.body);
  if (response.status !== 200 || envelope.kind !== 'success')
    throw answerError(config, response, envelope, about);
  for (const notice of envelope.notices)
    onNotice?.(`source "${config.name}": ${withoutSecrets(notice, config.secrets)}. ${about}`);
  if (envelope.gaps.length > 0)
    throw new SourceError(
      'partial',
      `the answer of source "${config.name}" lacks a part of the data: ${withoutSecrets(envelope.gaps.join('; '), config.secrets)}. ${about}`,
      true,
    );
  return envelope.data;
}

function stopping({ name }: PrometheusConfig, cause: unknown): SourceError {
  return new SourceError('unavailable', `source "${name}" is not asked: the service is stopping`, true, {
    cause,
  });
}

/** A failed exchange as a SourceError; what is no outcome of one is a bug and stays as it is. */
function asOutcome({ name }: PrometheusConfig, error: unknown, about: string): unknown {
  const failure = fetchFailure(error);
  if (error instanceof SourceError || failure === undefined) return error;
  if (failure.code === 'too-large') return new AnswerTooLarge(failure.message, { cause: error });
  // The guard's refusal is mended in the configuration, and until then the look stays due.
  const code = failure.code === 'refused' ? 'refused' : 'unavailable';
  return new SourceError(code, `source "${name}": ${failure.message}. ${about}`, true, { cause: error });
}
