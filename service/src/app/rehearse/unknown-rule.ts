import type { Direction, MetricKind, MetricRule } from '@bellwether/models';

const KINDS: ReadonlyMap<string, { readonly kind: MetricKind; readonly direction: Direction }> = new Map([
  ['error', { kind: 'error', direction: 'up' }],
  ['latency', { kind: 'latency', direction: 'up' }],
  ['saturation', { kind: 'saturation', direction: 'up' }],
  ['traffic', { kind: 'traffic', direction: 'down' }],
]);

/** A movement of less than 20 % of a metric that nobody described is no ground for a rollback; chosen on public labelled windows. */
const SMALLEST_EFFECT = { relative: 0.2 };

/**
 * How a metric is judged of which only the name and perhaps the kind are known. A kind that says which movement harms is believed;
 * any other metric may harm by moving either way.
 */
export function unknownRule(name: string, kind: string): MetricRule {
  return {
    name,
    ...(KINDS.get(kind) ?? { kind: 'business', direction: 'both' }),
    unit: '',
    shape: 'gauge',
    minEffect: SMALLEST_EFFECT,
    // Without a tolerance nothing ends the watch before its time: nobody said which harm may be left.
    tolerance: {},
    criticality: 'normal',
    weight: 1,
    required: false,
    warmupLooks: 0,
  };
}
