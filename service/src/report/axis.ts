/** A tick on an axis: where (same unit as the axis) and what is written there. */
export interface AxisTick {
  readonly at: number;
  readonly label: string;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * day),
];

/**
 * Round values inside `[low, high]`, about `count` of them, at 1, 2 or 5 times a power of ten.
 * @example niceTicks(0, 1, 4) // [0, 0.2, 0.4, 0.6, 0.8, 1]
 */
export function niceTicks(low: number, high: number, count: number): readonly number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [low];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

/** Instants on round UTC times inside `[fromMs, toMs]`, at most `count` of them, with the time of day or the date. */
export function timeTicks(fromMs: number, toMs: number, count: number): readonly AxisTick[] {
  const spanMs = toMs - fromMs;
  if (!(spanMs > 0)) return [];
  const stepMs = timeSteps.find((candidate) => spanMs / candidate <= count) ?? Math.ceil(spanMs / count);
  const ticks: AxisTick[] = [];
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at <= toMs; at += stepMs)
    ticks.push({ at, label: timeLabel(at, stepMs) });
  return ticks;
}

function timeLabel(atMs: number, stepMs: number): string {
  const iso = new Date(atMs).toISOString();
  if (stepMs >= day) return iso.slice(5, 10);
  if (stepMs >= minute) return iso.slice(11, 16);
  return stepMs >= second ? iso.slice(11, 19) : iso.slice(14, 23);
}
