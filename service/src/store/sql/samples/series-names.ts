import type { SeriesKey } from '../../../domain/sample.js';

/**
 * Names of series, remembered by their labels: what writes the same series again and again gives the same object each time, and making
 * the name is most of the work of a push.
 */
export class SeriesNames {
  readonly #known = new WeakMap<SeriesKey['labels'], SeriesKey & { readonly name: string }>();

  /** What makes a series unique, as one text. */
  of(key: SeriesKey): string {
    const { project, metric, labels } = key;
    const known = this.#known.get(labels);
    if (known?.project === project && known.metric === metric) return known.name;
    const name = seriesName(key);
    this.#known.set(labels, { project, metric, labels, name });
    return name;
  }
}

function seriesName(key: SeriesKey): string {
  return JSON.stringify([key.project, key.metric, canonicalLabels(key.labels)]);
}

/** JSON with the names sorted; a label that is empty is one that is absent. */
export function canonicalLabels(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).filter((name) => labels[name] !== '');
  return `{${names
    .sort()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(labels[name])}`)
    .join()}}`;
}
