import { z } from 'zod';

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitsMs;

/**
 * A length of time with its unit, such as "30s", "5m", "2h", "7d" or "500ms"; the output is milliseconds. Bare numbers are
 * refused: nobody can tell seconds from milliseconds.
 */
export const duration = z
  .string({
    error: (issue) =>
      typeof issue.input === 'number'
        ? 'must carry its unit; write it as a string such as "30s", "5m", "2h" or "7d"'
        : undefined,
  })
  .regex(
    /^\d{1,9}(\.\d{1,3})?(ms|s|m|h|d)$/,
    'is not a duration; write it as "30s", "5m", "2h", "7d" or "500ms"',
  )
  .meta({ example: '30s' })
  .transform(durationMs);

/** A duration of at least and at most so much, both as written. */
export function durationBetween(least: string, most: string) {
  const [leastMs, mostMs] = [durationMs(least), durationMs(most)];
  return duration.refine((ms) => ms >= leastMs && ms <= mostMs, `is out of range; give ${least} to ${most}`);
}

/**
 * Milliseconds as a duration, in the largest unit that keeps it whole.
 * @example formatDuration(90_000) // '90s', and formatDuration(120_000) is '2m'
 */
export function formatDuration(ms: number): string {
  const units: readonly Unit[] = ['d', 'h', 'm', 's'];
  const unit = ms === 0 ? 's' : (units.find((one) => ms % unitsMs[one] === 0) ?? 'ms');
  return `${ms / unitsMs[unit]}${unit}`;
}

function durationMs(text: string): number {
  const unit = (/[a-z]+$/.exec(text)?.[0] ?? 'ms') as Unit;
  return Math.round(Number.parseFloat(text) * unitsMs[unit]);
}
