import { readFileSync } from 'node:fs';
import { FOR_PEOPLE, fieldErrors, jsonPointer } from '../api/field-errors.js';
import { expandConfigured } from '../policies/configured-templates.js';
import { shippedTemplates } from '../policies/templates.js';
import { configSchema, type Config } from './config-schema.js';

/** The configuration is wrong; the message has one line for each thing to mend. */
export class ConfigError extends Error {}

/** What the environment may set over the file. */
const OVERRIDES = {
  BELLWETHER_HOST: ['listen', 'host'],
  BELLWETHER_PORT: ['listen', 'port'],
  BELLWETHER_DATA_DIR: ['dataDir'],
  BELLWETHER_PUBLIC_URL: ['publicUrl'],
  BELLWETHER_LOG_LEVEL: ['log', 'level'],
} as const;

/**
 * Reads the configuration file, if one is given, with the environment laid over it and every default filled in.
 * @throws ConfigError naming file, field and remedy
 */
export function loadConfig(file: string | undefined, environment: NodeJS.ProcessEnv): Config {
  const raw = file === undefined ? {} : readJson(file);
  const { value, errors, writtenAt } = expandConfigured(withOverrides(raw, environment), shippedTemplates);
  const result = configSchema.safeParse(value, FOR_PEOPLE);
  if (result.success && errors.length === 0) return result.data;
  const found = result.success ? [] : fieldErrors(result.error);
  const written = found.map((error) => ({ ...error, path: writtenAt(error.path) }));
  const lines = [...errors, ...written].map(
    ({ path, detail, remedy }) =>
      `  ${jsonPointer(path) || '/'}: ${detail}${remedy === undefined ? '' : `; ${remedy}`}`,
  );
  throw new ConfigError(`${file ?? 'the environment'} is not a valid configuration:\n${lines.join('\n')}`);
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(
      `the configuration file ${file} can't be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'}); check --config`,
      { cause },
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`${file} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

function withOverrides(raw: unknown, environment: NodeJS.ProcessEnv): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const config = structuredClone(raw) as Record<string, unknown>;
  for (const [name, path] of Object.entries(OVERRIDES)) {
    const text = environment[name];
    if (text === undefined || text === '') continue;
    set(config, path, name === 'BELLWETHER_PORT' ? Number(text) : text);
  }
  return config;
}

function set(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const child =
    typeof target[key] === 'object' && target[key] !== null ? (target[key] as Record<string, unknown>) : {};
  target[key] = child;
  set(child, rest, value);
}
