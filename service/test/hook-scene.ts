import { readFileSync } from 'node:fs';
import { startTestServer, tokenOf } from '../src/http/test-server.js';
import { configSchema } from '../src/config/config-schema.js';
import { configuredHooks } from '../src/config/hooks.js';
import { createTelemetry } from '../src/telemetry/metrics.js';
import { createWorld } from './world.js';

/** As the log writes it. */
const WARNING = 40;
/** The secret of every signed hook of a scene. */
export const HOOK_SECRET = 'a secret of forty characters, for a test!';

/** The hooks of a service behind real HTTP, over real use cases and a real store, with a clock set by hand. */
export async function createHookScene(
  hooks: readonly object[],
  options: Parameters<typeof createWorld>[0] = {},
) {
  const world = await createWorld(options);
  const telemetry = createTelemetry();
  const config = configSchema.parse({ hooks });
  const secrets = Object.fromEntries(
    config.hooks.flatMap(({ secret }) =>
      secret !== undefined && 'env' in secret ? [[secret.env, HOOK_SECRET]] : [],
    ),
  );
  const server = await startTestServer({
    useCases: world.useCases,
    registry: telemetry.registry,
    clock: world.ctx.clock,
    loadIdempotent: (project, key) => world.store.idempotent(project, key),
    saveIdempotent: (answer) => world.store.transaction((tx) => tx.saveIdempotent(answer)),
    hooks: { hooks: configuredHooks(config, secrets), metrics: telemetry.hooks },
  });
  return {
    ...world,
    url: server.url,
    /** Warnings and worse. */
    get logged() {
      return server.logged.filter(({ level }) => Number(level) >= WARNING);
    },
    /** An RFC 3339 time so long after the scene began. */
    at: (offsetMs = 0) => new Date(world.ctx.clock() + offsetMs).toISOString(),
    async post(path: string, body: string | object, headers: Readonly<Record<string, string>> = {}) {
      const response = await fetch(`${server.url}/hooks/${path}`, {
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
      await server.close();
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
