/** A receiver that rolls back when it gets a signed order; see `createHttpExecutor`. */
export interface HttpExecutorConfig {
  readonly kind: 'http';
  readonly name: string;
  readonly url: string;
  /** `whsec_…`, 24–64 bytes. */
  readonly secret: string;
  /** Still signed with while the receiver moves to `secret`. */
  readonly previousSecrets?: readonly string[];
  /** Time that the receiver has for the rollback; default 60,000. */
  readonly timeoutMs?: number;
}

/** A program on this machine that rolls back; see `createCommandExecutor`. */
export interface CommandExecutorConfig {
  readonly kind: 'command';
  readonly name: string;
  /** Program and arguments, never a shell line. `{{version}}`-style placeholders stand for a whole argument. */
  readonly argv: readonly string[];
  /** Working directory; default the server's. */
  readonly cwd?: string;
  /** `PATH` of the program; default the usual system directories. */
  readonly path?: string;
  /** Default 300,000. */
  readonly timeoutMs?: number;
  /** Time between SIGTERM and SIGKILL; default 5,000. */
  readonly killGraceMs?: number;
  /** Exit codes that mean "try again"; default 75 (EX_TEMPFAIL of sysexits). */
  readonly retryableExitCodes?: readonly number[];
  /** May a program that was killed for time be started again? Default false: how far it got is unknown. */
  readonly retryAfterTimeout?: boolean;
}

export type ExecutorConfig = HttpExecutorConfig | CommandExecutorConfig;
