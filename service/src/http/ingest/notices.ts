import type { Logger } from 'pino';

/** The same notice is repeated after this long at the earliest: an agent that sends something wrong does so every few seconds. */
const REPEAT_AFTER_MS = 3_600_000;
/** Kinds of notices that are remembered at most. */
const MOST_REMEMBERED = 1_000;

export interface Notice {
  readonly dialect: string;
  /** Name of the token. */
  readonly sender: string;
  readonly reason: string;
}

/** Tells the log what was left out, once an hour for each sender and reason; the metrics count every time. */
export function createNotices(
  log: Logger,
  clock: () => number,
): { tell(notice: Notice, example: string): void } {
  const toldAtMs = new Map<string, number>();
  return {
    tell(notice, example) {
      const key = JSON.stringify([notice.dialect, notice.sender, notice.reason]);
      const nowMs = clock();
      if (nowMs - (toldAtMs.get(key) ?? -Infinity) < REPEAT_AFTER_MS) return;
      if (toldAtMs.size >= MOST_REMEMBERED) toldAtMs.clear();
      toldAtMs.set(key, nowMs);
      log.warn(notice, `some of what was written is not taken: ${example}`);
    },
  };
}
