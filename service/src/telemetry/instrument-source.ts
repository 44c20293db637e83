import { SourceError, type MetricSource } from '../sources/port.js';
import type { SourceMetrics } from './source-metrics.js';

/**
 * The same source, its requests counted and timed and the last result kept for readiness.
 * @param clock epoch milliseconds
 */
export function instrumentSource(
  source: MetricSource,
  metrics: SourceMetrics,
  clock: () => number,
): MetricSource {
  const { name } = source;
  metrics.known(name);
  const timed = async <R>(request: () => Promise<R>): Promise<R> => {
    const startedAt = performance.now();
    const note = (code: string, detail?: string): void => {
      const state = { code, atMs: clock(), ...(detail === undefined ? {} : { detail }) };
      metrics.requested(name, state, performance.now() - startedAt);
    };
    try {
      const answer = await request();
      note('ok');
      return answer;
    } catch (error) {
      note(
        error instanceof SourceError ? error.code : 'error',
        error instanceof Error ? error.message : String(error),
      );
      throw error;
    }
  };
  const evaluate = source.evaluate?.bind(source);
  const listSeries = source.listSeries?.bind(source);
  return {
    ...source,
    fetch: (query) => timed(() => source.fetch(query)),
    ...(evaluate && { evaluate: (query) => timed(() => evaluate(query)) }),
    ...(listSeries && { listSeries: (query) => timed(() => listSeries(query)) }),
  };
}
