const UNITS: Readonly<Record<string, string>> = {
  seconds: 's',
  second: 's',
  sec: 's',
  s: 's',
  milliseconds: 'ms',
  millis: 'ms',
  ms: 'ms',
  microseconds: 'us',
  micros: 'us',
  us: 'us',
  nanoseconds: 'ns',
  nanos: 'ns',
  ns: 'ns',
  bytes: 'B',
  byte: 'B',
  by: 'B',
  ratio: 'ratio',
  percent: '%',
  percentage: '%',
  pct: '%',
  celsius: '°C',
};
const TIMES = ['s', 'ms', 'us', 'ns'];
/** Endings that say what a series is, behind the unit. */
const ENDINGS = [
  'total',
  'count',
  'bucket',
  'sum',
  'max',
  'min',
  'mean',
  'avg',
  'current',
  'p50',
  'p95',
  'p99',
];

/**
 * The words of a metric's name, in lower case.
 * @example wordsOf('jvm.gc.pauseSeconds_max') // ['jvm', 'gc', 'pause', 'seconds', 'max']
 */
export function wordsOf(metric: string): readonly string[] {
  return metric
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** The unit that a metric has: as declared, else as its name ends; `''` where nothing says so. */
export function unitOf(words: readonly string[], declared: string | undefined): string {
  if (declared !== undefined && declared !== '')
    return (
      (Object.hasOwn(UNITS, declared.toLowerCase()) ? UNITS[declared.toLowerCase()] : undefined) ?? declared
    );
  const last = words.findLast((word) => !ENDINGS.includes(word)) ?? '';
  return (Object.hasOwn(UNITS, last) ? UNITS[last] : undefined) ?? '';
}

export function isTime(unit: string): boolean {
  return TIMES.includes(unit);
}
