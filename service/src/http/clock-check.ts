import { instantText } from '../app/present.js';
import type { HttpLimits } from './limits.js';
import type { FieldProblem } from './request-error.js';
import { invalid } from './validate.js';

/**
 * Refuses an event time that only a wrong clock explains.
 * @throws RequestError `invalid-request`
 */
export function checkClock(
  pointer: string,
  timeMs: number | undefined,
  nowMs: number,
  limits: Pick<HttpLimits, 'maxFutureMs' | 'maxDeploymentAgeMs'>,
): void {
  if (timeMs === undefined) return;
  const problem =
    tooFarAhead(pointer, timeMs, nowMs, limits.maxFutureMs) ??
    tooLongAgo(pointer, timeMs, nowMs, limits.maxDeploymentAgeMs);
  if (problem !== undefined) throw invalid([problem]);
}

/** The problem of a time that lies too far in the future, if it does. */
export function tooFarAhead(
  pointer: string,
  timeMs: number,
  nowMs: number,
  maxFutureMs: number,
): FieldProblem | undefined {
  if (timeMs <= nowMs + maxFutureMs) return undefined;
  const ahead = Math.round((timeMs - nowMs) / 1_000);
  return {
    pointer,
    detail: `lies ${ahead} s in the future (server time ${instantText(nowMs)})`,
    remedy: 'check the clock of the sender; times are RFC 3339 or milliseconds since 1970',
  };
}

function tooLongAgo(
  pointer: string,
  timeMs: number,
  nowMs: number,
  maxAgeMs: number,
): FieldProblem | undefined {
  if (timeMs >= nowMs - maxAgeMs) return undefined;
  const days = Math.round((nowMs - timeMs) / 86_400_000);
  return {
    pointer,
    detail: `lies ${days} days in the past (server time ${instantText(nowMs)})`,
    remedy: `check the clock of the sender; at most ${Math.floor(maxAgeMs / 86_400_000)} days are taken`,
  };
}
