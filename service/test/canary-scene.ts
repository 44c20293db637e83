import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mintToken } from '../src/cli/create-token.js';
import { startService, type RunningService } from './running-service.js';
import { createTraffic, errorPolicy } from './traffic.js';

const PROGRAM = new URL('../bin/bellwether.mjs', import.meta.url).pathname;

/** What a command ended with. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A service with a canary's traffic on it, and the command line as a person would use it beside it. */
export interface CanaryScene {
  readonly tokenFile: string;
  readonly folder: string;
  service(): RunningService;
  /** Runs the program to its end, with the service's address and token in its environment; no traffic comes meanwhile. */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Ran;
  /** Starts it while traffic goes on; `ended` resolves with what it said. `onOutput` is told all of standard output so far. */
  start(
    args: readonly string[],
    onOutput?: (stdout: string) => void,
  ): { readonly ended: Promise<Ran>; signal(name: NodeJS.Signals): void };
  /** Ends the service the hard way and starts it on the same port and data. */
  restart(downMs: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param errorRatio share of the new version's requests that fail; the old one's is 0.01
 * @param policy what to change in the policy `default`
 */
export async function startCanaryScene(
  errorRatio: number,
  policy: Readonly<Record<string, unknown>> = {},
): Promise<CanaryScene> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-canary-'));
  const { token, entry } = mintToken({
    name: 'pipeline',
    role: 'admin',
    project: '*',
    service: '*',
    environment: '*',
  });
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
  const tokens = [entry];
  const config = { policies: { default: errorPolicy(policy) } };
  let service = await startService({ config, tokens });
  const { port } = new URL(service.url);
  const traffic = createTraffic(
    () => service,
    [
      { version: 'v1', requestsPerInterval: 200, errorRatio: 0.01 },
      { version: 'v2', requestsPerInterval: 200, errorRatio },
    ],
    100,
  );
  traffic.start();
  const environmentWith = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    BELLWETHER_URL: service.url,
    BELLWETHER_TOKEN_FILE: tokenFile,
    ...more,
  });
  return {
    tokenFile,
    folder,
    service: () => service,
    run(args, more) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
        encoding: 'utf8',
        env: environmentWith(more),
      });
      return { status, stdout, stderr };
    },
    start(args, onOutput) {
      const child = spawn(process.execPath, [PROGRAM, ...args], { env: environmentWith() });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        onOutput?.(stdout);
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const ended = new Promise<Ran>((resolve) => {
        child.once('close', (status) => resolve({ status, stdout, stderr }));
      });
      return { ended, signal: (name) => void child.kill(name) };
    },
    async restart(downMs) {
      await service.kill();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      service = await startService({ config, tokens, dataDir: service.dataDir, port: Number(port) });
    },
    async close() {
      traffic.stop();
      await service.stop();
    },
  };
}
