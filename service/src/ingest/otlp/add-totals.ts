import { addBuckets } from '../histograms/exponential-buckets.js';
import type { DeltaTotal } from './temporal-state.js';

/**
 * What was counted so far, and one more increment. Explicit buckets whose bounds changed cannot be added up: they begin anew, which reads
 * as a restart.
 */
export function addTotals(before: DeltaTotal | undefined, more: DeltaTotal): DeltaTotal {
  if (before === undefined || !hasSameBounds(before, more)) return more;
  const count = before.count + more.count;
  const sum = before.sum + more.sum;
  if (before.exponential !== undefined && more.exponential !== undefined)
    return { count, sum, exponential: addBuckets(before.exponential, more.exponential) };
  if (before.explicit === undefined || more.explicit === undefined) return { count, sum };
  const added = more.explicit.counts;
  const counts = before.explicit.counts.map((each, index) => each + (added[index] ?? 0));
  return { count, sum, explicit: { bounds: before.explicit.bounds, counts } };
}

function hasSameBounds({ explicit: a }: DeltaTotal, { explicit: b }: DeltaTotal): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.counts.length === b.counts.length &&
    a.bounds.length === b.bounds.length &&
    a.bounds.every((bound, index) => bound === b.bounds[index])
  );
}
