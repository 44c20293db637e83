import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGuardedFetch } from '../src/delivery/guarded-fetch.js';
import { createUrlGuard } from '../src/delivery/url-guard.js';
import type { MetricSource } from '../src/sources/port.js';
import { createPrometheusSource } from '../src/sources/prometheus/source.js';

interface Asked {
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
}
export type Answer = (asked: Asked, response: ServerResponse) => void;

const closing: (() => Promise<unknown>)[] = [];

/** Ends what the scenes of a test have opened. */
export async function closeScenes(): Promise<void> {
  for (const close of closing.splice(0)) await close();
}

/** A source in front of a server that answers as it is told, and what it was asked. */
export async function scene(
  answer: Answer,
  change: { readonly timeoutMs?: number; readonly maxBytes?: number } = {},
) {
  const asked: Asked[] = [];
  const stop = new AbortController();
  const notices: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(body));
      asked.push({ path: request.url ?? '', form, headers: request.headers });
      answer(asked.at(-1) ?? { path: '', form, headers: {} }, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const timeoutMs = change.timeoutMs ?? 5_000;
  const fetch = createGuardedFetch(createUrlGuard({ allow: [host] }), {
    timeoutMs,
    maxResponseBytes: change.maxBytes ?? 100_000,
  });
  closing.push(fetch.close, () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const source = createPrometheusSource(
    {
      name: 'prom',
      url: `http://${host}/base/`,
      headers: { authorization: 'Bearer s3cret-token', 'x-scope-orgid': 'team-a' },
      timeoutMs,
      secrets: ['s3cret-token'],
    },
    { fetch, firstPauseMs: 5, stop: stop.signal, onNotice: (text) => notices.push(text) },
  );
  return { source, asked, notices, stop };
}

type Matrix = readonly { readonly metric: object; readonly values: readonly (readonly [number, string])[] }[];
/** An answer with these series. */
export const matrix = (result: Matrix, more: object = {}): string =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result }, ...more });
export const say =
  (status: number, body: string): Answer =>
  (_asked, response) =>
    void response.writeHead(status).end(body);
const variables = { service: 'cart', environment: 'prod', previousVersion: '1' };
export const evaluate = (source: MetricSource, expression: string, change: object = {}) =>
  source.evaluate?.({
    project: 'p',
    expression,
    variables,
    fromMs: 0,
    toMs: 3_000,
    stepMs: 1_000,
    ...change,
  }) ?? Promise.reject(new Error('it has no language'));
export const fetchOf = (source: MetricSource, metric: string) =>
  source.fetch({ project: 'p', metric, labels: { service: 'cart' }, fromMs: 0, toMs: 3_000 });
export const one: Matrix = [
  {
    metric: { __name__: 'm', pod: 'a' },
    values: [
      [1, '5'],
      [3, '7'],
    ],
  },
];
