import { Option, type Command } from 'commander';
import type { CommandIo } from './command-io.js';

/** What a command has to say: for people, and the same as data. */
export interface CommandResult {
  readonly text: string;
  readonly data: unknown;
}

/** Options of every command that prints. */
export interface PrintOptions {
  readonly json?: boolean;
}

/** Adds `--json`. */
export function printsResult(command: Command): Command {
  return command.addOption(new Option('--json', 'print JSON for programs instead of text for people'));
}

/** Writes a result to standard output, as JSON where that was asked for. */
export function printResult(io: CommandIo, options: PrintOptions, { text, data }: CommandResult): void {
  io.out(`${options.json === true ? JSON.stringify(data, null, 2) : text}\n`);
}
