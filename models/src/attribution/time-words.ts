const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;
/** From so many of a unit on the next smaller one is not worth naming. */
const WHOLE_ENOUGH = 10;

/**
 * A length of time in words, in one unit or two.
 * @example timeWords(90_000) // '1 min 30 s'
 */
export function timeWords(ms: number): string {
  const size = Math.abs(ms);
  const place = UNITS.findIndex(([unitMs]) => size >= unitMs);
  const [unitMs, name] = UNITS[place] ?? UNITS[UNITS.length - 1] ?? [1_000, 's'];
  if (place < 0) return `${Math.round(size)} ms`;
  const next = UNITS[place + 1];
  const whole = Math.floor(size / unitMs);
  const rest = next === undefined ? 0 : Math.round((size % unitMs) / next[0]);
  if (next === undefined || whole >= WHOLE_ENOUGH) return `${Math.round(size / unitMs)} ${name}`;
  return rest === 0 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${next[1]}`;
}
