import { createGuardedFetch } from '../../delivery/guarded-fetch.js';
import { createUrlGuard } from '../../delivery/url-guard.js';
import { CommandError } from '../command-error.js';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** One series of a range query: labels and points of (seconds, value). */
export interface RangeSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/** A Prometheus, as far as a first look needs it. */
export interface MetricsServer {
  labelValues(label: string, selector?: string): Promise<readonly string[]>;
  range(query: string, fromMs: number, toMs: number, stepMs: number): Promise<readonly RangeSeries[]>;
  close(): Promise<void>;
}

/** What an address must be listed as in `egress.allow`. */
export function hostOf(url: string): string {
  if (!URL.canParse(url)) throw new CommandError(`"${url}" is no address; write it as http://host:9090`);
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port === '' ? (protocol === 'http:' ? '80' : '443') : port}`;
}

/** Asks the server that a person names, and no other. @throws CommandError when it does not answer as Prometheus does */
export function createMetricsServer(url: string): MetricsServer {
  const guard = createUrlGuard({ allow: [hostOf(url)] });
  const fetch = createGuardedFetch(guard, { timeoutMs: TIMEOUT_MS, maxResponseBytes: MAX_ANSWER_BYTES });
  const ask = async (path: string, query: Readonly<Record<string, string>>): Promise<unknown> => {
    const address = `${url.replace(/\/+$/, '')}/api/v1/${path}?${new URLSearchParams(query).toString()}`;
    const failed = (why: string, cause?: unknown): CommandError =>
      new CommandError(`${url} does not answer as Prometheus does: ${why}; check --prometheus`, { cause });
    try {
      const { status, body } = await fetch({ url: address, method: 'GET', headers: {}, read: 'whole' });
      const answer = JSON.parse(body) as {
        readonly status?: string;
        readonly data?: unknown;
        readonly error?: string;
      };
      if (answer.status === 'success') return answer.data;
      throw failed(answer.error ?? `status ${status}`);
    } catch (error) {
      throw error instanceof CommandError ? error : failed((error as Error).message, error);
    }
  };
  return {
    labelValues: async (label, selector) =>
      (await ask(`label/${label}/values`, selector === undefined ? {} : { 'match[]': selector })) as string[],
    range: async (query, fromMs, toMs, stepMs) => {
      const times = {
        start: String(fromMs / 1_000),
        end: String(toMs / 1_000),
        step: String(stepMs / 1_000),
      };
      const { result } = (await ask('query_range', { query, ...times })) as {
        result: readonly RangeSeries[];
      };
      return result;
    },
    close: () => fetch.close(),
  };
}
