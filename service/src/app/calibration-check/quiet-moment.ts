/** Quiet intervals that must lie before a moment: the longest level that a watch is compared with. */
const QUIET_INTERVALS_BEFORE = 60;

export interface QuietTime {
  readonly nowMs: number;
  /** When the newest release, or whatever else is known to be no quiet time, was over. */
  readonly quietSinceMs: number;
  readonly intervalMs: number;
  readonly settleMs: number;
  readonly plannedLooks: number;
  /** The moment that was judged last. */
  readonly lastMomentMs?: number;
  /** A moment is looked for within so much time. */
  readonly everyMs: number;
}

/**
 * A moment to judge as if something had been deployed: quiet before and during its watch, settled, and apart from the one before, so that
 * no interval is judged twice. Drawn evenly, or timers and jobs of the service at the full hour would be met always or never.
 *
 * @param share drawn from [0, 1)
 * @returns event time; undefined while there is no such moment
 */
export function quietMoment(time: QuietTime, share: number): number | undefined {
  const watchMs = time.plannedLooks * time.intervalMs;
  const latest = time.nowMs - watchMs - time.settleMs - time.intervalMs;
  const earliest = Math.max(
    time.quietSinceMs + QUIET_INTERVALS_BEFORE * time.intervalMs,
    (time.lastMomentMs ?? -Infinity) + watchMs,
    latest - time.everyMs,
  );
  return earliest > latest ? undefined : Math.round(earliest + share * (latest - earliest));
}
