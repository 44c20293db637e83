import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { fixedPolicies, type PolicyLookup } from './app/policy-lookup.js';
import type { PolicyRecord } from './app/record-policies.js';
import type { Config } from './config/config-schema.js';
import { ConfigError } from './config/load-config.js';
import { readableSources } from './config/readable-sources.js';
import type { Policy } from './domain/policy.js';
import { openPolicyBook, PolicyFolderError, type PolicyBook } from './policies/policy-book.js';
import { describeProblem } from './policies/problem.js';
import { shippedTemplates } from './policies/templates.js';
import { createPolicyMetrics } from './telemetry/policy-metrics.js';
import type { Component } from './telemetry/readiness.js';

/** The policies in force, and what keeps them so. */
export interface ComposedPolicies {
  readonly lookup: PolicyLookup;
  /** How the policy folder is; undefined where there is none. */
  readonly component: () => Component | undefined;
  start(): void;
  stop(): Promise<void>;
}

interface PolicyParts {
  readonly log: Logger;
  readonly registry: Registry;
  /** Puts on record what is in force. */
  readonly record: (changes: readonly PolicyRecord[]) => Promise<void>;
}

const noFolder = { start: () => undefined, stop: () => Promise.resolve(), component: () => undefined };

/**
 * The policies of the configuration and, where it names one, those of the policy folder.
 * @throws ConfigError listing everything that is wrong in the folder
 */
export function composePolicies(config: Config, parts: PolicyParts): ComposedPolicies {
  const configured: Readonly<Record<string, Policy>> = Object.fromEntries(
    Object.entries(config.policies).map(([name, policy]) => [name, { ...policy, name }]),
  );
  const { policyFolder } = config;
  if (policyFolder === undefined) return { lookup: fixedPolicies(configured), ...noFolder };
  return withFolder(policyFolder, configured, config, parts);
}

function withFolder(
  folder: string,
  configured: Readonly<Record<string, Policy>>,
  config: Config,
  { log, registry, record }: PolicyParts,
): ComposedPolicies {
  const keep = (changes: readonly PolicyRecord[]): void => {
    record(changes).catch((error: unknown) => {
      log.error({ err: error }, 'the change of policies could not be written to the audit log');
    });
  };
  const book = opened(() =>
    openPolicyBook({
      folder,
      configured,
      configFile: 'the configuration',
      surroundings: {
        templates: shippedTemplates(),
        known: {
          executors: config.executors.map(({ name }) => name),
          sources: readableSources(config),
          ...(config.samples.store === 'influx' ? { keepsSamples: config.samples.source } : {}),
        },
      },
      onReload({ changes }) {
        metrics.reloaded();
        log.info({ folder, changes }, 'the policy folder was reloaded; its policies are in force');
        keep(changes);
      },
      onInvalid(problems) {
        metrics.refused();
        const lines = problems.map(describeProblem);
        log.error(
          { folder, problems: lines },
          `the policy folder has errors; the last good policies stay in force:\n${lines.join('\n')}`,
        );
      },
    }),
  );
  const metrics = createPolicyMetrics(registry, () => ({
    policies: book.names().length,
    problems: book.problems().length,
  }));
  return {
    lookup: book,
    component: () => componentOf(book),
    start() {
      book.start();
      const { changes } = book.inForce();
      log.info({ folder, policies: changes }, 'policies of the folder are in force');
      keep(changes);
    },
    stop: () => book.stop(),
  };
}

function opened(open: () => PolicyBook): PolicyBook {
  try {
    return open();
  } catch (error) {
    if (error instanceof PolicyFolderError) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
}

function componentOf(book: PolicyBook): Component {
  const problems = book.problems();
  const [first] = problems;
  if (first === undefined) return { status: 'ok', detail: `${book.names().length} policies are in force` };
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return {
    status: 'degraded',
    detail: `the policy folder has errors, and the last good policies stay in force: ${describeProblem(first)}${more}`,
  };
}
