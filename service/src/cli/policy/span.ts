const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/**
 * A length of time in words, in its two largest units.
 * @example span(37_800_000) // '10 hours 30 minutes'
 */
export function span(ms: number): string {
  const parts: string[] = [];
  let left = Math.max(0, ms);
  for (const [name, size] of UNITS) {
    const number = Math.floor(left / size);
    left -= number * size;
    if (number > 0) parts.push(`${number} ${name}${number === 1 ? '' : 's'}`);
    if (parts.length === 2) break;
  }
  if (parts.length === 0) return ms > 0 ? `${Math.round(ms)} milliseconds` : '0 seconds';
  return parts.join(' ');
}
