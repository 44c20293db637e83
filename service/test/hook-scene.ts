import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { createHttpApp } from '../src/http/app.js';
import { createAuthenticate, hashToken } from '../src/http/authenticate.js';
import { defaultLimits } from '../src/http/limits.js';
import { tokenOf } from '../src/http/test-server.js';
import { configSchema } from '../src/config/config-schema.js';
import { configuredHooks } from '../src/config/hooks.js';
import { createTelemetry } from '../src/telemetry/metrics.js';
import { createWorld } from './world.js';

/** The secret of every signed hook of a scene. */
export const HOOK_SECRET = 'a secret of forty characters, for a test!';

/** The hooks of a service behind real HTTP, over real use cases and a real store, with a clock set by hand. */
export async function createHookScene(
  hooks: readonly object[],
  options: Parameters<typeof createWorld>[0] = {},
) {
  const world = await createWorld(options);
  const telemetry = createTelemetry();
  const logged: Record<string, unknown>[] = [];
  const token = { id: 'pipeline', name: 'ci', role: 'pipeline' as const, project: '*', service: '*' };
  const hash = hashToken(tokenOf('pipeline'));
  const config = configSchema.parse({ hooks });
  const secrets = Object.fromEntries(
    config.hooks.flatMap(({ secret }) =>
      secret !== undefined && 'env' in secret ? [[secret.env, HOOK_SECRET]] : [],
    ),
  );
  const app = createHttpApp({
    useCases: world.useCases,
    authenticate: createAuthenticate({
      tokenByHash: (given) =>
        Promise.resolve(given === hash ? { ...token, environment: '*', hash, createdAtMs: 0 } : undefined),
      clock: world.ctx.clock,
    }),
    registry: telemetry.registry,
    log: pino(
      { level: 'warn' },
      { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) },
    ),
    limits: defaultLimits,
    clock: world.ctx.clock,
    ready: () => Promise.resolve({ status: 'ok', components: {} }),
    loadIdempotent: (project, key) => world.store.idempotent(project, key),
    saveIdempotent: (answer) => world.store.transaction((tx) => tx.saveIdempotent(answer)),
    hooks: { hooks: configuredHooks(config, secrets), metrics: telemetry.hooks },
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...world,
    url,
    /** Warnings and worse. */
    logged,
    /** An RFC 3339 time so long after the scene began. */
    at: (offsetMs = 0) => new Date(world.ctx.clock() + offsetMs).toISOString(),
    async post(path: string, body: string | object, headers: Readonly<Record<string, string>> = {}) {
      const response = await fetch(`${url}/hooks/${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${tokenOf('pipeline')}`,
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      return { status: response.status, text, body: (isJson ? JSON.parse(text) : {}) as Answered };
    },
    /** Newest first. */
    deployments: async () => (await world.store.deployments({ project: 'default', limit: 100 })).items,
    counted: async (hook: string, outcome: string) => {
      const text = await telemetry.registry.metrics();
      const line = `bellwether_hook_events_total{hook="${hook}",outcome="${outcome}"} `;
      return Number(
        text
          .split('\n')
          .find((one) => one.startsWith(line))
          ?.slice(line.length),
      );
    },
    async close() {
      telemetry.stop();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      await world.store.close();
    },
  };
}

interface Answered {
  readonly events?: readonly {
    readonly outcome: string;
    readonly reason?: string;
    readonly deploymentId?: string;
    readonly state?: string;
  }[];
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer?: string }[];
}

/** A payload of `fixtures/wire/hooks` with its placeholders `"<name>"` filled in. */
export function hookPayload(file: string, values: Readonly<Record<string, unknown>> = {}): string {
  const text = readFileSync(new URL(`../../fixtures/wire/hooks/${file}`, import.meta.url), 'utf8');
  return Object.entries(values).reduce(
    (filled, [name, value]) => filled.replaceAll(`"<${name}>"`, JSON.stringify(value)),
    text,
  );
}
