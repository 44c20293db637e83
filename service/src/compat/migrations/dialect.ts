import { z } from 'zod';
import { nothing, type HookDialect, type HookEvent, type HookMessage } from '../change-event.js';
import { decodeJson } from '../decode-json.js';
import { oneLine } from '../one-line.js';

const MOST_NAMED = 10;

/** What `flyway migrate -outputType=json` prints, as far as it is used. */
const flywayOutput = z.object({
  success: z.boolean(),
  schemaName: z.string().nullish(),
  database: z.string().nullish(),
  targetSchemaVersion: z.string().nullish(),
  migrationsExecuted: z.int().min(0),
  migrations: z
    .array(z.object({ version: z.string().nullish(), description: z.string().nullish() }))
    .max(10_000)
    .default([]),
});

/** Any other tool says it in these words; see docs/deployments-in.md for Liquibase. */
const told = z.object({
  tool: z.string().min(1).max(100),
  database: z.string().min(1).max(300),
  schema: z.string().max(300).default(''),
  environment: z.string().max(300).default(''),
  /** Version of the schema afterwards. */
  version: z.string().min(1).max(200),
  state: z.enum(['began', 'applied', 'failed']),
  reversible: z.boolean().default(false),
  description: z.string().max(2_000).optional(),
});
type Told = z.output<typeof told>;

/** Database migrations: the JSON that Flyway prints (`/flyway`), or a few words of any other tool. */
export const migrations: HookDialect = {
  decode: (message) =>
    message.topic === 'flyway' ? decodeFlyway(message) : decodeTold(decodeJson(told, message.body), message),
};

function decodeFlyway(message: HookMessage): readonly HookEvent[] {
  const { body, header } = message;
  const { success, migrationsExecuted, ...output } = decodeJson(flywayOutput, body);
  if (success && migrationsExecuted === 0) return nothing('no migration was applied');
  const named = output.migrations
    .slice(0, MOST_NAMED)
    .map(({ version, description }) => [version, description].filter(Boolean).join(' '));
  const description = oneLine(named.join(', '), 2_000);
  return decodeTold(
    {
      tool: 'flyway',
      database: output.database ?? '',
      schema: output.schemaName ?? '',
      environment: header('x-environment') ?? '',
      version: oneLine(output.targetSchemaVersion ?? output.migrations.at(-1)?.version, 200) ?? 'repeatable',
      state: success ? 'applied' : 'failed',
      // Flyway's undo migrations are files that its output does not tell of.
      reversible: header('x-reversible') === 'true',
      ...(description === undefined ? {} : { description }),
    },
    message,
  );
}

function decodeTold(
  { tool, database, schema, environment, version, state, ...rest }: Told,
  { header }: HookMessage,
): readonly HookEvent[] {
  const { reversible, description: text } = rest;
  const description = oneLine(text, 2_000);
  const move = ({ began: 'begin', applied: 'finish', failed: 'cancel' } as const)[state];
  return [
    {
      kind: 'change',
      subject: { tool, database, schema, environment },
      // A repeatable migration runs again under the same version: the run of the pipeline tells it from a message sent twice.
      key: JSON.stringify([tool, database, schema, environment, version, header('idempotency-key') ?? '']),
      repeats: 'always',
      move,
      reason: `${tool} says that the migration failed`,
      release: {
        version: oneLine(version, 200) ?? 'unknown',
        strategy: 'all-at-once',
        change: { kind: 'database', ...(description === undefined ? {} : { summary: description }) },
        migration: { reversible, ...(description === undefined ? {} : { description }) },
        labels: { 'migration/tool': oneLine(tool, 100) ?? 'unknown' },
        links: [],
      },
    },
  ];
}
