import { Option, type Command } from 'commander';
import { loadConfig } from '../config/load-config.js';
import type { CommandIo } from './command-io.js';
import { printsResult, type PrintOptions } from './print-result.js';

/** Which data folder a command means: the one named, else that of the configuration and the environment. */
export interface DataPlace extends PrintOptions {
  readonly dataDir?: string;
  readonly config?: string;
}

/** Adds the options of a command that works on a data folder instead of a running service. */
export function onData(command: Command): Command {
  command
    .option(
      '-d, --data-dir <folder>',
      "the service's data folder (default: that of the configuration, BELLWETHER_DATA_DIR, else .bellwether/data)",
    )
    .addOption(configOption());
  return printsResult(command);
}

/** @throws ConfigError */
export function folderOf({ dataDir, config }: DataPlace, io: CommandIo): string {
  return dataDir ?? loadConfig(config, io.environment).dataDir;
}

/** The configuration file of the service. */
export function configOption(): Option {
  return new Option('-c, --config <file>', 'configuration file (JSON); see docs/configuration.md');
}
