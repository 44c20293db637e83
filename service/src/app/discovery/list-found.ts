import type { Place } from '../../domain/deployment.js';
import type { MetricSource, ListedSeries } from '../../sources/port.js';
import { SourceError } from '../../sources/port.js';
import { fillSelector } from '../window/template.js';

/** Whoever starts a deployment or asks for a list does not wait longer than this for a source. */
const TIME_LIMIT_MS = 5_000;

export interface Looked {
  readonly source: MetricSource;
  readonly place: Place;
  /** Labels, variables not filled in. */
  readonly match: Readonly<Record<string, string>>;
  readonly fromMs: number;
  readonly toMs: number;
}

/** @throws SourceError also when the source cannot list, or takes too long */
export async function listFound({
  source,
  place,
  match,
  fromMs,
  toMs,
}: Looked): Promise<readonly ListedSeries[]> {
  if (source.listSeries === undefined)
    throw new SourceError('bad-query', `the source "${source.name}" cannot list its series`, false);
  const matchers = filledMatch(match, place);
  const late = `the source "${source.name}" did not list its series within ${TIME_LIMIT_MS / 1000} s`;
  return within(
    source.listSeries({ project: place.project, matchers, fromMs, toMs }),
    () => new SourceError('unavailable', late, true),
  );
}

/** Labels with `{{service}}` and `{{environment}}` filled in. */
export function filledMatch(
  match: Readonly<Record<string, string>>,
  { service, environment }: Pick<Place, 'service' | 'environment'>,
): Readonly<Record<string, string>> {
  const versions = { version: '{{version}}', previousVersion: '{{previousVersion}}' };
  return fillSelector({ metric: '', labels: match }, {}, { service, environment, ...versions }).labels;
}

/** What comes later than the limit is left to itself: a source ends its requests by its own timeout. */
function within<T>(answer: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), TIME_LIMIT_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
