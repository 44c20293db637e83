import { setImmediate } from 'node:timers/promises';
import type { SeriesType } from '../../domain/sample.js';
import type { ListedSeries } from '../../sources/port.js';

/** The series of one metric. */
export interface SeriesGroup {
  readonly metric: string;
  readonly series: number;
  readonly type?: SeriesType;
  readonly unit?: string;
  readonly help?: string;
  /** By name of each label, its values, of which the first hundred are kept. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether every series carries the label `version`. */
  readonly isVersioned: boolean;
}

/** Others get their turn on the event loop after so many series, which takes about a millisecond. */
const SERIES_AT_ONCE = 500;
const MOST_VALUES = 100;

interface Growing {
  first: ListedSeries;
  series: number;
  versioned: number;
  labels: Map<string, Set<string>>;
}

/** Listed series by metric, in the order of their names. */
export async function groupSeries(listed: readonly ListedSeries[]): Promise<readonly SeriesGroup[]> {
  const groups = new Map<string, Growing>();
  for (const [index, series] of listed.entries()) {
    if (index % SERIES_AT_ONCE === SERIES_AT_ONCE - 1) await setImmediate();
    const group = groups.get(series.metric) ?? { first: series, series: 0, versioned: 0, labels: new Map() };
    groups.set(series.metric, group);
    add(group, series);
  }
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([metric, { first, series, versioned, labels }]) => ({
      metric,
      series,
      ...(first.type === undefined ? {} : { type: first.type }),
      ...(first.unit === undefined ? {} : { unit: first.unit }),
      ...(first.help === undefined ? {} : { help: first.help }),
      labels,
      isVersioned: versioned === series,
    }));
}

function add(group: Growing, { labels }: ListedSeries): void {
  group.series += 1;
  if ((labels['version'] ?? '') !== '') group.versioned += 1;
  for (const [name, value] of Object.entries(labels)) {
    const values = group.labels.get(name) ?? new Set();
    group.labels.set(name, values);
    if (values.size < MOST_VALUES) values.add(value);
  }
}
