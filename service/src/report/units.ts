import {
  decimalsFor,
  formatDifference as plainDifference,
  formatFixed,
  formatPair as plainPair,
  formatSize as plainSize,
  formatValue as plainValue,
  unitScale as plainScale,
  type DisplayScale,
} from '@bellwether/models';

export { formatFixed, formatNumber } from '@bellwether/models';
export type UnitScale = DisplayScale;

const NBSP = '\u00a0';

/** A page may be narrow: what belongs together stays on one line. */
function tied(text: string): string {
  return text.replaceAll(' ', NBSP);
}

/** How numbers up to `magnitude` read best, as everywhere else. @example unitScale('s', 0.25) // { factor: 1000, symbol: 'ms' } */
export function unitScale(unit: string, magnitude: number): UnitScale {
  const { factor, symbol } = plainScale(unit, magnitude);
  return { factor, symbol: tied(symbol) };
}

/** A value of a metric with its unit. @example formatValue(0.0102, 'ratio') // '1.02 %' */
export function formatValue(value: number, unit: string): string {
  return tied(plainValue(value, unit));
}

/** Two values with equally many decimals. @example formatPair(0.001, 0.01, 'ratio') // ['0.1 %', '1.0 %'] */
export function formatPair(from: number, to: number, unit: string): readonly [from: string, to: string] {
  const [a, b] = plainPair(from, to, unit);
  return [tied(a), tied(b)];
}

/** A signed difference. @example formatDifference(0.009, 'ratio') // '+0.9 points' */
export function formatDifference(value: number, unit: string): string {
  return tied(plainDifference(value, unit));
}

/** The size of a difference. @example formatSize(0.001, 'ratio') // '0.1 points' */
export function formatSize(value: number, unit: string): string {
  return tied(plainSize(value, unit));
}

/**
 * A relative size without its sign in per cent, e.g. how much higher.
 * @example formatRelativeSize(-0.154) // '15 %'
 */
export function formatRelativeSize(relative: number): string {
  const percent = Math.abs(relative) * 100;
  return `${formatFixed(percent, percent > 0 && percent < 9.95 ? 1 : 0)}${NBSP}%`;
}

/**
 * A probability or share (0–1) in per cent; never rounded to 0 % or 100 % unless it is exactly that.
 * @example formatShare(0.99999) // '> 99.9 %'
 */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.001) return `<${NBSP}0.1${NBSP}%`;
  if (share < 1 && share > 0.999) return `>${NBSP}99.9${NBSP}%`;
  const percent = share * 100;
  const whole = Math.abs(percent - Math.round(percent)) < 0.05;
  return `${formatFixed(percent, whole ? 0 : 1)}${NBSP}%`;
}

/**
 * A p-value with two significant digits, "< 0.0001" below that.
 * @example formatP(0.00412) // '0.0041'
 */
export function formatP(p: number): string {
  if (p < 1e-4) return `<${NBSP}0.0001`;
  const text = formatFixed(p, decimalsFor(p, 2));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
