import { createRandom } from '@bellwether/models';
import type { WrittenSeries } from './remote-write.js';

const SCRAPE_MS = 15_000;
const REQUESTS_A_SCRAPE = 150;
/** Upper bounds in seconds, and the share of requests that ends between each and the one before. */
const DURATIONS = [
  ['0.01', 0.2],
  ['0.025', 0.38],
  ['0.05', 0.27],
  ['0.1', 0.12],
  ['0.5', 0.03],
  ['+Inf', 0],
] as const;

/** One version in a recording, in scrapes since the first. */
export interface RedVersion {
  readonly version: string;
  readonly from: number;
  readonly until: number;
  /** Share of all requests that it takes at a scrape, 0–1. */
  readonly shareAt: (scrape: number) => number;
  /** Share of its requests that it answers with status 500, 0–1. */
  readonly errorRatio: number;
}

/** OpenTelemetry's duration histogram of a service with the job "cart", by version and status, as a scraper would have stored it. */
export function recordRed(startMs: number, versions: readonly RedVersion[]): readonly WrittenSeries[] {
  const random = createRandom(20_261_124);
  return versions.flatMap(({ version, from, until, shareAt, errorRatio }) =>
    [['200', 1 - errorRatio] as const, ['500', errorRatio] as const].flatMap(([status, ratio]) => {
      const labels = { job: 'cart', version, http_response_status_code: status };
      const points = DURATIONS.map((): [number, number][] => []);
      const counted = DURATIONS.map(() => 0);
      for (let scrape = from; scrape <= until; scrape++) {
        let below = 0;
        for (const [i, [, share]] of DURATIONS.entries()) {
          counted[i] =
            (counted[i] ?? 0) + random.poisson(REQUESTS_A_SCRAPE * shareAt(scrape) * ratio * share);
          below += counted[i] ?? 0;
          points[i]?.push([startMs + scrape * SCRAPE_MS, below]);
        }
      }
      const buckets = DURATIONS.map(([le], i) => ({
        metric: 'http_server_request_duration_seconds_bucket',
        labels: { ...labels, le },
        points: points[i] ?? [],
      }));
      const all = points.at(-1) ?? [];
      return [...buckets, { metric: 'http_server_request_duration_seconds_count', labels, points: all }];
    }),
  );
}
