import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProcessRun {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly killGraceMs: number;
  /** Of each stream; the end is kept. */
  readonly maxOutputBytes: number;
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly output: Output }
  /** Ended by a signal that was not ours. */
  | { readonly kind: 'signalled'; readonly signal: string; readonly output: Output }
  | { readonly kind: 'timed-out' | 'cancelled'; readonly output: Output }
  | { readonly kind: 'not-started'; readonly code: string };

/** How long output may trail the end of the program; a child left behind can hold the pipes open for as long as it likes. */
const outputGraceMs = 500;

/**
 * Runs a program without a shell, in a process group of its own, and waits for its end.
 *
 * On timeout or cancellation the whole group gets SIGTERM, and SIGKILL if any of it is still there after `killGraceMs`.
 * Children that a program leaves behind after ending by itself are left alone.
 */
export async function runProcess(run: ProcessRun, signal: AbortSignal): Promise<ProcessEnd> {
  const [program = '', ...args] = run.argv;
  if (signal.aborted) return { kind: 'cancelled', output: { stdout: '', stderr: '' } };
  const child = start(program, args, run);
  if (typeof child === 'string') return { kind: 'not-started', code: child };
  const [stdout, stderr] = [
    tailOf(child.stdout, run.maxOutputBytes),
    tailOf(child.stderr, run.maxOutputBytes),
  ];
  const ended = endOf(child);
  const stop = await firstOf(ended.exit, run.timeoutMs, signal);
  if (stop !== undefined && child.pid !== undefined) await killGroup(child.pid, run.killGraceMs);
  const exit = await ended.exit;
  await Promise.race([ended.closed, delay(outputGraceMs, undefined, { ref: false })]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  const output = { stdout: stdout(), stderr: stderr() };
  return stop === undefined || exit.kind === 'not-started' ? endedBy(exit, output) : { kind: stop, output };
}

/** The child, or an error code: Node reports some failures (list too long, no memory) by throwing and others by an event. */
function start(program: string, args: readonly string[], run: ProcessRun): ChildProcess | string {
  try {
    return spawn(program, args, {
      env: run.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
    });
  } catch (error) {
    return error instanceof Error && 'code' in error && typeof error.code === 'string'
      ? error.code
      : String(error);
  }
}

type Exit =
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'not-started'; readonly code: string };

function endOf(child: ChildProcess): { readonly exit: Promise<Exit>; readonly closed: Promise<void> } {
  const exit = new Promise<Exit>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'not-started', code: error.code ?? error.name }),
    );
    child.once('exit', (code, signal) => resolve({ kind: 'exit', code, signal }));
  });
  const closed = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  return { exit, closed };
}

function endedBy(exit: Exit, output: Output): ProcessEnd {
  if (exit.kind === 'not-started') return exit;
  return exit.code === null
    ? { kind: 'signalled', signal: exit.signal ?? 'unknown', output }
    : { kind: 'exited', code: exit.code, output };
}

/** Undefined when the program ended by itself. */
async function firstOf(
  exit: Promise<Exit>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<'timed-out' | 'cancelled' | undefined> {
  return new Promise((resolve) => {
    const finish = (reason: 'timed-out' | 'cancelled' | undefined) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(reason);
    };
    const onAbort = () => finish('cancelled');
    const timer = setTimeout(() => finish('timed-out'), timeoutMs);
    signal.addEventListener('abort', onAbort);
    void exit.then(() => finish(undefined));
  });
}

/** The group outlives its leader, so it is the group that is asked, not the child. */
async function killGroup(groupId: number, graceMs: number): Promise<void> {
  const stepMs = 25;
  let there = signalGroup(groupId, 'SIGTERM');
  for (let waitedMs = 0; there && waitedMs < graceMs; waitedMs += stepMs) {
    await delay(stepMs);
    there = signalGroup(groupId, 0);
  }
  if (there) signalGroup(groupId, 'SIGKILL');
}

/** False when nothing of the group is left. */
function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-groupId, signal);
  } catch {
    return false;
  }
}

function tailOf(stream: Readable | null, maxBytes: number): () => string {
  let tail = Buffer.alloc(0);
  stream?.on('data', (chunk: Buffer) => {
    const all = Buffer.concat([tail, chunk]);
    tail = all.subarray(Math.max(0, all.length - maxBytes));
  });
  return () => tail.toString('utf8');
}
