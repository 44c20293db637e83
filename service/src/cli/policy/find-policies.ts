import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Config } from '../../config/config-schema.js';
import { loadConfig } from '../../config/load-config.js';
import type { Policy } from '../../domain/policy.js';
import { digestOf, findPolicyFiles, type FoundFiles, type PolicyFile } from '../../policies/policy-files.js';
import { readPolicySet, type PolicySet } from '../../policies/policy-set.js';
import { shippedTemplates } from '../../policies/templates.js';
import { CommandError } from '../command-error.js';
import type { CommandIo } from '../command-io.js';

/** Policies as the files of a command line say, and those of the configuration. */
export interface FoundPolicies extends PolicySet {
  readonly files: readonly PolicyFile[];
  /** Policies that stand in the configuration itself, by name. */
  readonly configured: Readonly<Record<string, Policy>>;
  /** Whether executors and sources could be checked: only a configuration knows them. */
  readonly isComplete: boolean;
}

/**
 * Reads policies from files and folders, or else from the policy folder of the configuration.
 * @throws CommandError when there is nothing to read; ConfigError
 */
export function findPolicies(
  paths: readonly string[],
  configFile: string | undefined,
  io: CommandIo,
): FoundPolicies {
  const config = configFile === undefined ? undefined : loadConfig(configFile, io.environment);
  const places = paths.length > 0 ? paths : folderOf(config);
  const found = places.map(filesAt);
  const files = found.flatMap((each) => each.files);
  const problems = found.flatMap((each) => each.problems);
  const configured = Object.fromEntries(
    Object.entries(config?.policies ?? {}).map(([name, policy]) => [name, { ...policy, name }]),
  );
  const known =
    config === undefined
      ? undefined
      : {
          executors: config.executors.map(({ name }) => name),
          sources: config.sources.map(({ name }) => name),
        };
  const taken = new Map(
    Object.keys(configured).map((name) => [name, `${configFile ?? ''} (/policies/${name})`]),
  );
  const set = readPolicySet(
    { files, problems, digest: digestOf(files, problems) },
    { templates: shippedTemplates(), known },
    taken,
  );
  return { ...set, files, configured, isComplete: config !== undefined };
}

function folderOf(config: Config | undefined): readonly string[] {
  if (config === undefined)
    throw new CommandError('name policy files or folders, or the configuration with --config');
  return config.policyFolder === undefined ? [] : [config.policyFolder];
}

function filesAt(path: string): FoundFiles {
  if (!existsSync(path)) throw new CommandError(`there is no file or folder ${path}`);
  if (statSync(path).isDirectory()) return findPolicyFiles(path);
  const files = [{ path, text: readFileSync(path, 'utf8') }];
  return { files, problems: [], digest: digestOf(files, []) };
}
