import { CommanderError } from 'commander';
import { ConfigError } from '../config/load-config.js';
import { StoreError } from '../store/port.js';
import { VERSION } from '../telemetry/build.js';
import { CommandError } from './command-error.js';
import type { CommandIo } from './command-io.js';
import { EXIT } from './exit-codes.js';
import { createProgram } from './program.js';

/** Runs one command line. What went wrong is told on standard error and by the exit code; it never throws. */
export async function runProgram(args: readonly string[], io: CommandIo): Promise<void> {
  try {
    await createProgram(VERSION, io).parseAsync(args, { from: 'user' });
  } catch (error) {
    io.setExitCode(exitCodeOf(error, io));
  }
}

function exitCodeOf(error: unknown, io: CommandIo): number {
  // Commander has said what is wrong; help and the version are no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.error;
  io.err(`bellwether: ${messageOf(error)}\n`);
  return EXIT.error;
}

function messageOf(error: unknown): string {
  const isExpected =
    error instanceof ConfigError || error instanceof StoreError || error instanceof CommandError;
  if (isExpected) return error.message;
  if (error instanceof Error && error.name === 'AbortError') return 'interrupted';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
