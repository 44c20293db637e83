import type { Direction, MetricKind, MetricRule } from '@bellwether/models';

const KINDS: ReadonlyMap<string, { readonly kind: MetricKind; readonly direction: Direction }> = new Map([
  ['error', { kind: 'error', direction: 'up' }],
  ['latency', { kind: 'latency', direction: 'up' }],
  ['saturation', { kind: 'saturation', direction: 'up' }],
  ['traffic', { kind: 'traffic', direction: 'down' }],
]);

/** Metrics of the machine that instances share: they tell hosts apart, not releases. */
const HOST = /^(node|host|machine)[._]/u;

/** The smallest difference that matters, where the name gives the unit as Prometheus' naming convention asks. */
const SMALLEST_IN_UNIT: readonly (readonly [name: RegExp, kind: string, absolute: number])[] = [
  [/(_s|_seconds)$/u, 'latency', 0.025],
  [/(_ms|_millis|_milliseconds)$/u, 'latency', 25],
  [/(_pct|_percent)$/u, 'error', 1],
  [/_ratio$/u, 'error', 0.01],
];

/** A movement of less than 20 % of a metric that nobody described is no ground for a rollback; chosen on public labelled windows. */
const SMALLEST_EFFECT = { relative: 0.2 };

/**
 * How a metric is judged of which only the name and perhaps the kind are known. A kind that says which movement harms is believed;
 * any other metric may harm by moving either way.
 */
export function unknownRule(name: string, kind: string): MetricRule {
  const absolute = SMALLEST_IN_UNIT.find(([pattern, of]) => of === kind && pattern.test(name))?.[2];
  return {
    name,
    ...(KINDS.get(kind) ?? { kind: 'business', direction: 'both' }),
    unit: '',
    shape: 'gauge',
    minEffect: absolute === undefined ? SMALLEST_EFFECT : { ...SMALLEST_EFFECT, absolute },
    // Without a tolerance nothing ends the watch before its time: nobody said which harm may be left.
    tolerance: {},
    criticality: HOST.test(name) ? 'advisory' : 'normal',
    weight: 1,
    required: false,
    warmupLooks: 0,
  };
}
