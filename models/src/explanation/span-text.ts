const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** From, in ms, and how it is counted there. */
const LADDER: readonly (readonly [fromMs: number, unitMs: number, unit: string])[] = [
  [2 * DAY_MS, DAY_MS, 'days'],
  [2 * HOUR_MS, HOUR_MS, 'h'],
  [2 * MINUTE_MS, MINUTE_MS, 'min'],
  [0, SECOND_MS, 's'],
];

/**
 * A length of time as people say it, to about two digits.
 * @example spanText(180_000) // '3 min'
 */
export function spanText(ms: number): string {
  const [, unitMs = 1, unit = 'ms'] = LADDER.find(([fromMs]) => ms >= fromMs) ?? [];
  const count = ms / unitMs;
  return `${count < 10 ? Number(count.toFixed(1)) : Math.round(count)} ${unit}`;
}
