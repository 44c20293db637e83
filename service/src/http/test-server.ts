import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createFakeUseCases } from '../app/fake.js';
import type { FakeUseCases } from '../app/fake.js';
import type { AccessToken, Role } from '../domain/access.js';
import type { IdempotentAnswer } from '../store/port.js';
import { SeriesBooks } from '../ingest/series-books.js';
import { createIngestMetrics } from '../telemetry/ingest-metrics.js';
import { createHttpApp } from './app.js';
import type { HttpDeps } from './app.js';
import { createAuthenticate, hashToken } from './authenticate.js';
import { callerOf } from './authentication-gate.js';
import { defaultLimits } from './limits.js';

/** 2026-01-31T12:00:00Z, when every test happens. */
export const NOW_MS = 1_769_860_800_000;

/** A real server on a free loopback port over the fake use cases. */
export interface TestServer {
  readonly url: string;
  readonly fake: FakeUseCases;
  readonly tokens: ReadonlyMap<string, AccessToken>;
  readonly answers: Map<string, IdempotentAnswer>;
  /** Log lines, parsed. */
  readonly logged: Record<string, unknown>[];
  readonly stop: AbortController;
  setNow(nowMs: number): void;
  /** Sends a request with a token of this role; `undefined` sends none. */
  send(method: string, path: string, options?: SendOptions): Promise<Response>;
  close(): Promise<void>;
}

export interface SendOptions {
  readonly role?: Role | 'expired' | 'revoked' | 'scoped' | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The token of a test role, as a client holds it. */
export function tokenOf(role: string): string {
  return `bw_${role}_${role.padEnd(43, 'x')}`;
}

export async function startTestServer(overrides: Partial<HttpDeps> = {}): Promise<TestServer> {
  let nowMs = NOW_MS;
  const clock = (): number => nowMs;
  const fake = createFakeUseCases(clock);
  const tokens = testTokens();
  const answers = new Map<string, IdempotentAnswer>();
  const logged: Record<string, unknown>[] = [];
  const stop = new AbortController();
  const reportRouter = express.Router().get('/deployments', (request, response) => {
    response
      .type('html')
      .send(`<style nonce="${String(response.locals['cspNonce'])}"></style>${callerOf(request).name}`);
  });
  const app = createHttpApp({
    useCases: fake,
    authenticate: createAuthenticate({ tokenByHash: (hash) => Promise.resolve(tokens.get(hash)), clock }),
    registry: new Registry(),
    log: pino(
      { level: 'debug' },
      { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) },
    ),
    limits: defaultLimits,
    ingest: {
      books: new SeriesBooks({
        ...{ rules: [], maxSeriesPerToken: 100, maxAgeMs: 30 * 86_400_000, clock },
        maxFutureMs: defaultLimits.maxFutureMs,
      }),
      metrics: createIngestMetrics(new Registry()),
    },
    clock,
    ready: () => Promise.resolve({ status: 'ok', components: {} }),
    loadIdempotent: (project, key) => Promise.resolve(answers.get(`${project} ${key}`)),
    saveIdempotent: (answer) => Promise.resolve(void answers.set(`${answer.project} ${answer.key}`, answer)),
    stopping: stop.signal,
    reportRouter,
    ...overrides,
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ url, fake, tokens, answers, logged, stop },
    setNow: (ms) => void (nowMs = ms),
    send: (method, path, options = {}) => send(url, method, path, options),
    close: async () => {
      stop.abort();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function send(url: string, method: string, path: string, options: SendOptions): Promise<Response> {
  const role = 'role' in options ? options.role : 'admin';
  const { body, signal } = options;
  return fetch(`${url}${path}`, {
    method,
    headers: {
      ...(role === undefined ? {} : { authorization: `Bearer ${tokenOf(role)}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(body === undefined
      ? {}
      : { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
}

function testTokens(): Map<string, AccessToken> {
  const everywhere = { project: '*', service: '*', environment: '*', createdAtMs: NOW_MS - 1_000 };
  const token = (id: string, role: Role, more: Partial<AccessToken> = {}): [string, AccessToken] => {
    const hash = hashToken(tokenOf(id));
    return [hash, { id, name: `${id} token`, role, hash, ...everywhere, ...more }];
  };
  return new Map([
    token('viewer', 'viewer'),
    token('pipeline', 'pipeline'),
    token('operator', 'operator'),
    token('admin', 'admin'),
    token('expired', 'admin', { expiresAtMs: NOW_MS }),
    token('revoked', 'admin', { revokedAtMs: NOW_MS - 500 }),
    token('scoped', 'pipeline', { project: 'shop', service: 'checkout' }),
  ]);
}
