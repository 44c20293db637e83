import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mintToken } from '../src/cli/create-token.js';

/** By its package, for this file also runs built. */
const PROGRAM = createRequire(import.meta.url).resolve('@bellwether/service/bin/bellwether.mjs');
const START_LIMIT_MS = 20_000;

/** A real `bellwether serve` in a process of its own, on a free loopback port with a data folder of its own. */
export interface RunningService {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Standard error so far: the log. */
  log(): string;
  /** Ends it the hard way, as a crash would. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // A test reads what it expects to be there.
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ServiceOptions {
  readonly dataDir?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly port?: number;
  /** Added to the environment of the test. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Beside the token that `request` uses. */
  readonly tokens?: readonly object[];
}

/** Builds must be up to date: the npm scripts see to that. */
export async function startService(options: ServiceOptions = {}): Promise<RunningService> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'bellwether-test-'));
  const { token, entry } = mintToken({
    name: 'test',
    role: 'admin',
    project: '*',
    service: '*',
    environment: '*',
  });
  const file = join(dataDir, 'config.json');
  writeFileSync(
    file,
    JSON.stringify({
      listen: { port: options.port ?? 0 },
      dataDir,
      tokens: [entry, ...(options.tokens ?? [])],
      ...options.config,
    }),
  );
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...options.environment },
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = await listening(child, () => log);
  return {
    url,
    pid: child.pid ?? 0,
    dataDir,
    log: () => log,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
    async request(method, path, body, headers = {}) {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      return {
        status: response.status,
        headers: response.headers,
        body: isJson ? (JSON.parse(text) as Answer['body']) : { text },
      };
    },
  };
}

async function listening(child: ChildProcess, log: () => string): Promise<string> {
  const giveUpAtMs = Date.now() + START_LIMIT_MS;
  while (Date.now() < giveUpAtMs && child.exitCode === null) {
    const url = /listening on (http:\/\/[^"]+)/.exec(log())?.[1];
    if (url !== undefined) return url;
    await sleep(20);
  }
  child.kill('SIGKILL');
  throw new Error(`the service did not start:\n${log()}`);
}
