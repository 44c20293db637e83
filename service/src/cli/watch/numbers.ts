const MINUS = '−';

/** A share as per cent, coarse where it is near nothing or all. @example percent(0.114) // '11 %' */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  if (share > 0 && share < 0.01) return '<1 %';
  if (share < 1 && share > 0.99) return '>99 %';
  return `${Math.round(share * 100)} %`;
}

/** A relative effect with its sign. @example signedPercent(-0.021) // '−2.1 %' */
export function signedPercent(share: number): string {
  if (Number.isNaN(share)) return '–';
  const size = Math.abs(share) * 100;
  const sign = share < 0 ? MINUS : '+';
  if (size > 9_999) return `${sign}∞`;
  return `${sign}${size.toFixed(size < 9.95 ? 1 : 0)} %`;
}

/** A probability to two significant digits. @example probability(0.00412) // '0.0041' */
export function probability(p: number): string {
  if (!Number.isFinite(p)) return '–';
  if (p >= 0.995) return '1';
  if (p > 0 && p < 0.0001) return '<0.0001';
  return String(Number(p.toPrecision(2)));
}

/** A length of time as a clock shows it. @example clockTime(3_725_000) // '1:02:05' */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = [Math.floor((seconds % 3600) / 60), seconds % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':').replace(/^0(\d)/, '$1');
}
