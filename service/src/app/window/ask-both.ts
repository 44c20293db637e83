import type { MetricSource } from '../../sources/port.js';

/** Two questions to a source: side by side where it asks them in one go, else in turn, which leaves the event loop to others. */
export async function askBoth<A, B>(
  source: MetricSource,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<readonly [A, B]> {
  if (source.asksTogether !== true) return [await first(), await second()];
  return Promise.all([first(), second()]);
}
