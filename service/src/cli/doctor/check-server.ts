import type { CommandIo } from '../command-io.js';
import { createApiClient } from '../api-client.js';
import { ApiError } from '../api-error.js';
import { CommandError } from '../command-error.js';
import { deploymentsApi } from '../deployments-api.js';
import { serverOf, tokenOf, type ServerOptions } from '../server-place.js';
import { checkClock } from './check-clock.js';
import { fail, failure, ok, warn, type Finding } from './finding.js';

const TIMEOUT_MS = 5_000;

/** What doctor needs to know of the server. */
export interface ServerPlace {
  readonly options: ServerOptions;
  /** Nobody named a server, so it is that of the configuration, which need not run: one is often checked before the start. */
  readonly isOptional: boolean;
}

/** Whether a service answers there, is ready, has the same time, and takes the token. */
export async function checkServer(
  { options, isOptional }: ServerPlace,
  io: CommandIo,
): Promise<readonly Finding[]> {
  const named = serverOf(options, io);
  const { baseUrl, saidBy } = isOptional ? { ...named, saidBy: 'where the configuration listens' } : named;
  const sentMs = Date.now();
  let response: Response;
  try {
    response = await fetch(`${baseUrl}/healthz`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    const detail = `no service answers at ${baseUrl} (${saidBy})`;
    const remedy = 'start it with "bellwether serve", or name another address with --server';
    return [
      isOptional ? warn('server', detail, remedy) : fail('server', detail, remedy),
      checkClock(undefined),
    ];
  }
  const clock = checkClock({ sentMs, receivedMs: Date.now(), date: response.headers.get('date') });
  if (!response.ok)
    return [
      fail('server', `${baseUrl} answers ${response.status}, not as Bellwether does`, 'check --server'),
      clock,
    ];
  return [
    ok('server', `a service answers at ${baseUrl} (${saidBy})`),
    ...checkTransport(baseUrl),
    clock,
    ...(await checkWithToken(baseUrl, saidBy, options, io)),
  ];
}

function checkTransport(baseUrl: string): readonly Finding[] {
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol === 'https:' || /^(localhost|127\.|\[::1\])/.test(hostname)) return [];
  return [warn('transport', 'tokens travel unencrypted', 'use https, by a proxy in front of the service')];
}

async function checkWithToken(
  baseUrl: string,
  saidBy: string,
  options: ServerOptions,
  io: CommandIo,
): Promise<readonly Finding[]> {
  let token: string;
  try {
    token = tokenOf(options, io);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [warn('access', 'no token is at hand, so nothing behind it was looked at', error.message)];
  }
  const client = createApiClient({ baseUrl, saidBy, token, signal: io.stop });
  try {
    await deploymentsApi(client).list({ limit: 1 });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // A token for one service may not list a whole project, but it was let in.
    if (error.info.status !== 403) return [failure('access', error)];
  }
  return [ok('access', 'the token is accepted'), ...(await checkReadiness(baseUrl, token))];
}

interface Ready {
  readonly status?: string;
  readonly components?: Readonly<Record<string, { readonly status: string; readonly detail: string }>>;
}

/** What the running service says of its own parts. */
async function checkReadiness(baseUrl: string, token: string): Promise<readonly Finding[]> {
  let response: Response;
  let ready: Ready;
  try {
    response = await fetch(`${baseUrl}/readyz`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    ready = (await response.json()) as Ready;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = 'see the log of the service, and of the proxy in front of it';
    return [fail('ready', `${baseUrl}/readyz gives no answer that can be read: ${reason}`, remedy)];
  }
  const { status = 'unknown', components = {} } = ready;
  const parts = Object.entries(components).map(([name, { status: how, detail }]) => {
    const check = `running ${name}`;
    if (how === 'ok') return ok(check, detail);
    return how === 'degraded' ? warn(check, detail) : fail(check, detail);
  });
  return [
    response.ok ? ok('ready', status) : fail('ready', status, 'see what is wrong below and in its log'),
    ...parts,
  ];
}
