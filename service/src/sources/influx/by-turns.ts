import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** How long this process works before everything else gets its turn. */
const TURN_MS = 10;

/** Maps one after the other and lets others in between. */
export async function mapByTurns<T, U>(items: Iterable<T>, map: (item: T) => U): Promise<readonly U[]> {
  const mapped: U[] = [];
  let sinceMs = performance.now();
  for (const item of items) {
    mapped.push(map(item));
    if (performance.now() - sinceMs < TURN_MS) continue;
    await setImmediate();
    sinceMs = performance.now();
  }
  return mapped;
}
