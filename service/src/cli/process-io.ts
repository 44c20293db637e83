import { createInterface } from 'node:readline/promises';
import type { CommandIo } from './command-io.js';
import { EXIT } from './exit-codes.js';

const DEFAULT_COLUMNS = 80;

/**
 * The process itself. Ctrl-C and SIGTERM are taken over only once somebody asks for `stop`; a second one ends the process. Output that
 * cannot be written ends it too, with 3 unless a reader merely left after the exit code was set: 0 would mean `continue`, 1 `rollback`.
 */
export function createProcessIo(environment: CommandIo['environment']): CommandIo {
  const { stdout, stderr } = process;
  let conclusion: number | undefined;
  const cannotWrite = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE') process.exit(conclusion ?? EXIT.error);
    stderr.write(`bellwether: the output cannot be written: ${error.message}\n`);
    process.exit(EXIT.error);
  };
  stdout.on('error', cannotWrite);
  stderr.on('error', cannotWrite);
  let stop: AbortController | undefined;
  return {
    environment,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    isTerminal: stdout.isTTY,
    get columns() {
      return stdout.columns > 0 ? stdout.columns : DEFAULT_COLUMNS;
    },
    get rows() {
      return stdout.rows;
    },
    ...(process.stdin.isTTY && stdout.isTTY ? { ask: askAtTerminal } : {}),
    setExitCode(code) {
      conclusion = code;
      process.exitCode = code;
    },
    get stop() {
      stop ??= abortedBySignals();
      return stop.signal;
    },
  };
}

/** On standard error: standard output is for results. */
async function askAtTerminal(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

function abortedBySignals(): AbortController {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      controller.abort();
    });
  return controller;
}
