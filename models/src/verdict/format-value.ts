const MINUS = '\u2212';

/**
 * How values are written wherever people read them: in verdicts, terminals and the report. Numbers and units are joined by plain spaces.
 * How a value of some unit is shown: multiply by `factor`, then write `symbol`.
 */
export interface DisplayScale {
  readonly factor: number;
  readonly symbol: string;
}

type Ladder = readonly (readonly [atLeast: number, factor: number, symbol: string])[];

const seconds: Ladder = [
  [7200, 1 / 3600, 'h'],
  [120, 1 / 60, 'min'],
  [1, 1, 's'],
  [1e-3, 1e3, 'ms'],
  [0, 1e6, 'µs'],
];
const bytes: Ladder = [
  [2 ** 40, 2 ** -40, 'TiB'],
  [2 ** 30, 2 ** -30, 'GiB'],
  [2 ** 20, 2 ** -20, 'MiB'],
  [2 ** 10, 2 ** -10, 'KiB'],
  [0, 1, 'B'],
];

const percentNames = new Set(['%', 'percent', 'pct']);
const ratioNames = new Set(['ratio', 'fraction']);
const secondsPer: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  ms: 1e-3,
  millisecond: 1e-3,
  milliseconds: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};
/** Bits and bytes differ only in the case of their letter, so these two are compared as written. */
const byteNames = new Set(['B', 'By', 'byte', 'bytes', 'Bytes']);
const byteRateNames = new Set(['B/s', 'Bps', 'By/s', 'bytes/s', 'bytes/sec', 'Bytes/s']);
const requestRateNames = new Set(['req/s', 'reqps', 'rps', 'requests/s', 'requests/sec']);
const plainNames = new Set(['', '1', 'none', 'count', 'short']);

function climb(ladder: Ladder, magnitude: number, per: number, suffix: string): DisplayScale {
  const rung = ladder.find(([atLeast]) => magnitude * per >= atLeast) ?? ladder.at(-1);
  return { factor: per * (rung?.[1] ?? 1), symbol: (rung?.[2] ?? '') + suffix };
}

function thousands(magnitude: number, symbol: string): DisplayScale {
  const prefix = magnitude >= 1e9 ? 'G' : magnitude >= 1e6 ? 'M' : magnitude >= 1e5 ? 'k' : '';
  const factor = { G: 1e-9, M: 1e-6, k: 1e-3, '': 1 }[prefix];
  return { factor, symbol: [prefix, symbol].filter((part) => part !== '').join(' ') };
}

/**
 * The scale in which numbers up to `magnitude` (≥ 0, in `unit`) read best: seconds as ms, ratios as %, bytes as MiB.
 * Zero keeps the unit that was given; unknown units are written as they are.
 * @example unitScale('s', 0.25) // { factor: 1000, symbol: 'ms' }
 */
export function unitScale(unit: string, magnitude: number): DisplayScale {
  const name = unit.trim().toLowerCase();
  if (ratioNames.has(name)) return { factor: 100, symbol: '%' };
  if (percentNames.has(name)) return { factor: 1, symbol: '%' };
  if (Object.hasOwn(secondsPer, name))
    return magnitude === 0
      ? { factor: 1, symbol: unit.trim() }
      : climb(seconds, magnitude, secondsPer[name] ?? 1, '');
  if (byteNames.has(unit.trim())) return climb(bytes, magnitude, 1, '');
  if (byteRateNames.has(unit.trim())) return climb(bytes, magnitude, 1, '/s');
  if (requestRateNames.has(name)) return thousands(magnitude, 'req/s');
  return thousands(magnitude, plainNames.has(name) ? '' : unit.trim());
}

/**
 * A number with a fixed count of decimals, thousands grouped by commas, a true minus sign, never "−0".
 * @example formatFixed(-1234.5, 1) // '−1,234.5'
 */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const text = Math.abs(value).toFixed(decimals);
  const [whole = '0', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && Number(text) !== 0 ? MINUS : '';
  return sign + (fraction === undefined ? grouped : `${grouped}.${fraction}`);
}

/** Decimals that leave `digits` significant ones, at most 9. */
export function decimalsFor(magnitude: number, digits: number): number {
  if (magnitude === 0 || !Number.isFinite(magnitude)) return 0;
  return Math.min(9, Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude))));
}

/**
 * A number with about three significant digits and no trailing zeros after the point.
 * @example formatNumber(0.012345) // '0.0123'
 */
export function formatNumber(value: number): string {
  const text = formatFixed(value, decimalsFor(Math.abs(value), 3));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function withSymbol(text: string, symbol: string): string {
  return symbol === '' ? text : `${text} ${symbol}`;
}

/**
 * A value of a metric with its unit, scaled to read well.
 * @example formatValue(0.0102, 'ratio') // '1.02 %'
 */
export function formatValue(value: number, unit: string): string {
  if (!Number.isFinite(value)) return 'unknown';
  const scale = unitScale(unit, Math.abs(value));
  return withSymbol(formatNumber(value * scale.factor), scale.symbol);
}

/**
 * Two values in the same unit and with equally many decimals, enough to tell them apart.
 * @example formatPair(0.001, 0.01, 'ratio') // ['0.1 %', '1.0 %']
 */
export function formatPair(from: number, to: number, unit: string): readonly [from: string, to: string] {
  const scale = unitScale(unit, Math.max(Math.abs(from), Math.abs(to)));
  const [a, b] = [from * scale.factor, to * scale.factor];
  const sizes = [Math.abs(a), Math.abs(b), Math.abs(a - b)].filter(
    (size) => size > 0 && Number.isFinite(size),
  );
  const decimals = Math.max(0, ...sizes.map((size) => Math.min(6, -Math.floor(Math.log10(size)))));
  return [
    withSymbol(formatFixed(a, decimals), scale.symbol),
    withSymbol(formatFixed(b, decimals), scale.symbol),
  ];
}

/**
 * A signed difference in a metric's unit; ratios are differences in percentage points.
 * @example formatDifference(0.009, 'ratio') // '+0.9 points'
 */
export function formatDifference(value: number, unit: string): string {
  const text = formatValue(value, unit);
  const sign = value > 0 ? '+' : '';
  const isShare = unitScale(unit, 1).symbol === '%';
  return sign + (isShare ? text.replace(/ %$/, ' points') : text);
}

/**
 * The size of a difference, without a sign.
 * @example formatSize(0.001, 'ratio') // '0.1 points'
 */
export function formatSize(value: number, unit: string): string {
  return formatDifference(Math.abs(value), unit).replace(/^\+/, '');
}
