import { SourceError } from '../port.js';

/** More than a fleet has instances; a selector that matches more has forgotten a label. */
export const MOST_SERIES = 1_000;

/** A selector that matches too many series, with some of them and the remedy. */
export function tooManySeries(
  { source, metric, labels }: { readonly source: string; readonly metric: string; readonly labels: object },
  most: number,
  found: readonly Readonly<Record<string, string>>[],
): SourceError {
  const some = found.slice(0, 3).map((one) => JSON.stringify(one));
  return new SourceError(
    'too-many-series',
    `source "${source}": "${metric}" has more than ${most} series with ${JSON.stringify(labels)}, such as ${some.join(', ')}; add labels`,
    false,
  );
}
