/** What a command may touch of the process around it, so that it can be run and read in a test. */
export interface CommandIo {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output: results only. */
  out(text: string): void;
  /** Writes to standard error: progress and problems. */
  err(text: string): void;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Width of the terminal in characters; 80 where there is none. */
  readonly columns: number;
  /** Height of the terminal in lines; absent where there is none. */
  readonly rows?: number;
  /** Asks the person at the terminal; absent where there is none. */
  readonly ask?: (question: string) => Promise<string>;
  setExitCode(code: number): void;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly stop: AbortSignal;
}
