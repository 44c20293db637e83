import type { ExecutionResult, RollbackExecutor } from '../port.js';
import { commandEnvironment } from './command-environment.js';
import type { CommandExecutorConfig } from './config.js';
import { checkArgv, fillArgv } from './placeholders.js';
import { redact } from './redact.js';
import { runProcess, type ProcessEnd } from './run-process.js';

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Kept of each stream, so that a chatty one cannot push out what the other says. */
const maxOutputChars = 4_096;
/** Read twice what is kept, so that the cut does not part a secret from the word that gives it away. */
const maxOutputBytes = 2 * maxOutputChars;
/** EX_TEMPFAIL of sysexits(3). */
const temporaryFailure = 75;
/** The machine had no process or memory to spare; that passes. */
const passingSpawnErrors = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE']);

/**
 * Rolls back by a program on this machine, given in the server's configuration as an argument list. There is no shell, so nothing
 * that a request says can become a command.
 *
 * Exit code 0 means executed. The program may be started again with the same `BELLWETHER_ROLLBACK_ID` after a retryable failure
 * or a crash of the server, and must then not act twice: `kubectl rollout undo` alone would roll forward again, `--to-revision` not.
 *
 * @throws Error naming the field when `argv` or a limit cannot be used
 * @example createCommandExecutor({ kind: 'command', name: 'local', argv: ['/opt/deploy/rollback', '{{service}}', '{{previousVersion}}'] })
 */
export function createCommandExecutor(config: CommandExecutorConfig): RollbackExecutor {
  const field = `executor "${config.name}"`;
  checkArgv(config.argv, `argv of ${field}`);
  const { timeoutMs = 300_000, killGraceMs = 5_000 } = config;
  if (!(timeoutMs > 0) || !(killGraceMs >= 0))
    throw new Error(`timeoutMs of ${field} must be positive and killGraceMs not negative`);
  return {
    name: config.name,
    execute: async (order, signal) => {
      const filled = fillArgv(config.argv, order);
      if (filled.kind === 'refused') return { kind: 'failed', detail: filled.detail, retryable: false };
      const env = commandEnvironment(order, config.path ?? defaultPath);
      const place = config.cwd === undefined ? {} : { cwd: config.cwd };
      const end = await runProcess(
        { argv: filled.argv, env, timeoutMs, killGraceMs, maxOutputBytes, ...place },
        signal,
      );
      return resultOf(end, config, timeoutMs);
    },
  };
}

function resultOf(end: ProcessEnd, config: CommandExecutorConfig, timeoutMs: number): ExecutionResult {
  if (end.kind === 'not-started') return notStarted(end.code, config);
  const said = [end.output.stdout, end.output.stderr].map(readable).filter(Boolean).join('\n');
  const told = (what: string) => (said === '' ? what : `${what}: ${said}`);
  switch (end.kind) {
    case 'exited':
      if (end.code === 0) return { kind: 'executed', detail: told('exit code 0') };
      return {
        kind: 'failed',
        detail: told(`exit code ${end.code}`),
        retryable: (config.retryableExitCodes ?? [temporaryFailure]).includes(end.code),
      };
    case 'signalled':
      return { kind: 'failed', detail: told(`ended by ${end.signal}`), retryable: false };
    case 'timed-out':
      return {
        kind: 'failed',
        detail: told(`stopped after ${timeoutMs} ms`),
        retryable: config.retryAfterTimeout ?? false,
      };
    case 'cancelled':
      return {
        kind: 'failed',
        detail: told('stopped because the server shuts down'),
        retryable: config.retryAfterTimeout ?? false,
      };
  }
}

const readable = (output: string) => redact(output.trim()).slice(-maxOutputChars);

function notStarted(code: string, config: CommandExecutorConfig): ExecutionResult {
  // Node reports a missing working directory as if the program were missing.
  const remedy = `check that ${config.argv[0] ?? 'the program'} exists, is executable and on PATH${config.cwd === undefined ? '' : `, and that ${config.cwd} is a directory`}`;
  return {
    kind: 'failed',
    detail: `the command could not be started (${code}); ${remedy}`,
    retryable: passingSpawnErrors.has(code),
  };
}
