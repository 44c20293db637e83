import type { Store } from '../store/port.js';

/** Checks the audit log by itself, so that a broken one is noticed before somebody needs it. */
export interface AuditWatch {
  start(): void;
  stop(): void;
  /** Signs what is unsigned, then checks the whole chain. Never throws. */
  check(): Promise<void>;
  /** The last check that came to a result; undefined before the first. */
  last(): { readonly ok: boolean; readonly atMs: number } | undefined;
}

export interface AuditWatchParts {
  readonly store: Pick<Store, 'checkpointAudit' | 'verifyAudit'>;
  readonly log: {
    error(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  readonly clock: () => number;
}

const FIRST_MS = 60_000;
const EVERY_MS = 3_600_000;

/** One check a minute after the start and then every hour; hashing takes about 20 µs an entry, in pieces of milliseconds. */
export function createAuditWatch({ store, log, clock }: AuditWatchParts): AuditWatch {
  const timers: NodeJS.Timeout[] = [];
  let last: ReturnType<AuditWatch['last']>;
  const check = async (): Promise<void> => {
    try {
      await store.checkpointAudit();
      const result = await store.verifyAudit();
      last = { ok: result.ok, atMs: clock() };
      if (!result.ok)
        log.error(
          { atSequence: result.atSequence, problem: result.problem },
          'the audit log is broken: somebody changed it, or the disk did',
        );
    } catch (error) {
      log.warn({ err: error }, 'the audit log could not be checked; it is tried again in an hour');
    }
  };
  return {
    start() {
      timers.push(
        setTimeout(() => void check(), FIRST_MS).unref(),
        setInterval(() => void check(), EVERY_MS).unref(),
      );
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
    check,
    last: () => last,
  };
}
