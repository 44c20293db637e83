import { createRandom } from '@bellwether/models';
import type { WrittenSeries } from './remote-write.js';

const SCRAPE_MS = 15_000;
const SCRAPES_A_MINUTE = 60_000 / SCRAPE_MS;

/** What was scraped of a shop's "cart": version 1.0 alone for a day, then 1.1 beside it or instead of it. */
export interface RecordedShop {
  readonly changeAtMs: number;
  readonly historyMinutes: number;
  readonly liveMinutes: number;
  readonly service: string;
  /** Share of the requests that 1.1 takes from the change on, 0–1. */
  readonly share: number;
  /** Share of its requests that fail, 0–1; of 1.0 it is 0.005. */
  readonly errorRatio: number;
}

/** Counters of requests and errors and a gauge of latency for each version, as a scraper would have stored them. */
export function recordShop(shop: RecordedShop): readonly WrittenSeries[] {
  const random = createRandom(20_261_123);
  const before = shop.historyMinutes * SCRAPES_A_MINUTE;
  const scrapes = before + shop.liveMinutes * SCRAPES_A_MINUTE;
  const timeOf = (i: number): number => shop.changeAtMs + (i - before) * SCRAPE_MS;
  const version = (name: string, shareAt: (i: number) => number, errorRatio: number): WrittenSeries[] => {
    let requests = 0;
    let errors = 0;
    const requestPoints: [number, number][] = [];
    const errorPoints: [number, number][] = [];
    const latencyPoints: [number, number][] = [];
    for (let i = 0; i <= scrapes; i++) {
      const share = shareAt(i);
      if (share === 0) continue;
      const now = random.poisson(150 * share);
      requests += now;
      errors += random.poisson(now * errorRatio);
      requestPoints.push([timeOf(i), requests]);
      errorPoints.push([timeOf(i), errors]);
      latencyPoints.push([timeOf(i), 0.1 * Math.exp(0.05 * random.normal())]);
    }
    const labels = { service: shop.service, environment: 'prod', version: name };
    return [
      { metric: 'http_requests_total', labels, points: requestPoints },
      { metric: 'http_errors_total', labels, points: errorPoints },
      { metric: 'http_latency_seconds', labels, points: latencyPoints },
    ];
  };
  return [
    ...version('1.0', (i) => (i <= before ? 1 : 1 - shop.share), 0.005),
    ...version('1.1', (i) => (i < before ? 0 : shop.share), shop.errorRatio),
  ];
}
