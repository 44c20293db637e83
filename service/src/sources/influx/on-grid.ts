import type { SourceSeries } from '../../domain/sample.js';
import { SourceError, type ExpressionQuery } from '../port.js';
import { mapByTurns } from './by-turns.js';
import { labelKey } from './gather-points.js';

/** More label sets than any chart could show are a forgotten WHERE. */
const MOST_SERIES = 1_000;

/** One value for each interval and label set of an answered expression. */
export interface ExpressionGrid {
  /** Takes a finite value; its interval is the one that the time lies in. @throws SourceError for a second one there */
  add(labels: Readonly<Record<string, string>>, timeMs: number, value: number): void;
  /**
   * What was taken, times ascending.
   * @param apart labels that are left out where they are the same in every series, and so tell nothing apart
   */
  series(apart?: readonly string[]): Promise<readonly SourceSeries[]>;
}

interface Gridded {
  readonly labels: Labels;
  readonly values: Map<number, number>;
}
type Labels = Readonly<Record<string, string>>;

/** An empty grid over the range and steps of the query. */
export function createGrid({ expression, fromMs, toMs, stepMs }: ExpressionQuery): ExpressionGrid {
  const found = new Map<string, Gridded>();
  // Rows of one table come with one object: nothing is to be compared for each of them.
  const known = new WeakMap<Labels, Gridded>();
  const lookUp = (labels: Labels): Gridded => {
    const key = labelKey(labels);
    const one = found.get(key) ?? { labels, values: new Map<number, number>() };
    found.set(key, one);
    known.set(labels, one);
    if (found.size > MOST_SERIES)
      throw new SourceError(
        'too-many-series',
        `more than ${MOST_SERIES} series answer; narrow the query: ${expression}`,
        false,
      );
    return one;
  };
  return {
    add(labels, timeMs, value) {
      if (timeMs < fromMs || timeMs >= toMs || !Number.isFinite(value)) return;
      const one = known.get(labels) ?? lookUp(labels);
      const startMs = fromMs + Math.floor((timeMs - fromMs) / stepMs) * stepMs;
      if (one.values.has(startMs))
        throw new SourceError(
          'bad-query',
          `the query gives several values for one interval of ${stepMs} ms (at ${timeMs} for ${JSON.stringify(labels)}); group by time in steps of {{interval}}: ${expression}`,
          false,
        );
      one.values.set(startMs, value);
    },
    series(apart = []) {
      const all = [...found.values()];
      const alike = apart.filter((label) => new Set(all.map(({ labels }) => labels[label])).size === 1);
      return mapByTurns(all, (one) => gauge(one, alike));
    },
  };
}

function gauge({ labels, values }: Gridded, without: readonly string[]): SourceSeries {
  const timesMs = Float64Array.from(values.keys());
  const isAscending = timesMs.every((timeMs, index) => index === 0 || timeMs > (timesMs[index - 1] ?? NaN));
  if (!isAscending) timesMs.sort();
  return {
    labels: Object.fromEntries(Object.entries(labels).filter(([label]) => !without.includes(label))),
    type: 'gauge',
    timesMs,
    values: timesMs.map((timeMs) => values.get(timeMs) ?? NaN),
  };
}
