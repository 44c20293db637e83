import { fail, ok, warn, type Finding } from './finding.js';

/** Samples and deployments carry times of several machines; beyond this the first minutes of a change are cut wrong. */
const WARN_MS = 3_000;
const FAIL_MS = 60_000;
/** The Date header counts whole seconds. */
const HEADER_STEP_MS = 1_000;
/** This was written after it, so a clock that is before it is wrong. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);
const REMEDY = 'set the clock, and keep it right with NTP (timedatectl set-ntp true)';

/** An answer's Date header between two readings of our own clock. */
export interface DatedAnswer {
  readonly sentMs: number;
  readonly receivedMs: number;
  readonly date: string | null;
}

/** Our clock against the server's, or, without one, against common sense. */
export function checkClock(answer: DatedAnswer | undefined, nowMs: number = Date.now()): Finding {
  if (nowMs < EARLIEST_MS || nowMs > LATEST_MS)
    return fail('clock', `it shows ${new Date(nowMs).toISOString()}`, REMEDY);
  const serverMs = Date.parse(answer?.date ?? '');
  if (answer === undefined || Number.isNaN(serverMs))
    return ok('clock', 'plausible; there was no server to compare it with');
  const offMs = outside(serverMs, answer.sentMs - HEADER_STEP_MS, answer.receivedMs);
  const detail = `${(Math.abs(offMs) / 1000).toFixed(0)} s ${offMs > 0 ? 'behind' : 'ahead of'} the server's`;
  if (Math.abs(offMs) >= FAIL_MS) return fail('clock', detail, REMEDY);
  return Math.abs(offMs) >= WARN_MS ? warn('clock', detail, REMEDY) : ok('clock', "agrees with the server's");
}

/** How far a value lies outside a range; 0 within. */
function outside(value: number, least: number, most: number): number {
  if (value < least) return value - least;
  return value > most ? value - most : 0;
}
