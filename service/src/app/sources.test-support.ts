import type { MetricSource } from '../sources/port.js';
import type { Sources } from './source-for.js';

/** A registry in which this is what was pushed, and there is nothing else. */
export function pushOnly(source: MetricSource): Sources {
  return new Map([['push', { source, project: '*' }]]);
}
