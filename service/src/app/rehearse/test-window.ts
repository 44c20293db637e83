import { createRandom } from '@bellwether/models';

/** What a made-up window differs in. */
interface WindowShape {
  readonly id?: string;
  readonly metrics?: number;
  readonly history?: number;
  readonly looks?: number;
  /** Factor on every value from `onset` on. */
  readonly shift?: number;
  /** Intervals after the change. */
  readonly onset?: number;
  readonly kind?: string;
  readonly seed?: number;
}

/** A made-up recording in the form of a line: noise about 100 each minute, and a shift of the first metric. For tests. */
export function testWindow(shape: WindowShape = {}) {
  const { id = 'w', metrics = 1, history = 1200, looks = 30, shift = 1, onset = 3, kind = 'latency' } = shape;
  const random = createRandom(shape.seed ?? 1);
  const changeAt = 1_700_000_040;
  const t = Array.from({ length: history + looks }, (_, k) => changeAt + 60 * (k - history));
  return {
    id,
    change_at: changeAt,
    interval_s: 60,
    metrics: Array.from({ length: metrics }, (_, metric) => ({
      name: `m${metric}`,
      kind,
      role: 'treatment',
      t,
      v: t.map((_, k): number | null => {
        const factor = metric === 0 && k >= history + onset ? shift : 1;
        return (100 + 5 * random.normal()) * factor;
      }),
    })),
  };
}
