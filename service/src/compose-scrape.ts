import type { Logger } from 'pino';
import type { Caller, UseCases } from './app/use-cases.js';
import { checkUrl, asConfigured } from './compose-delivery.js';
import type { Config } from './config/config-schema.js';
import { readSecret } from './config/secret.js';
import { createGuardedFetch } from './delivery/guarded-fetch.js';
import type { UrlGuard } from './delivery/url-guard.js';
import { createScrapeLoop, type ScrapeResult } from './ingest/scrape/scrape-loop.js';
import type { ScrapeTarget } from './ingest/scrape/scrape-target.js';
import type { SeriesBooks } from './ingest/series-books.js';
import type { IngestMetrics } from './telemetry/ingest-metrics.js';

/** Longer pages are refused: decoding one must not hold the event loop up for long. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

interface ScrapeParts {
  readonly guard: UrlGuard;
  readonly books: SeriesBooks;
  readonly useCases: Pick<UseCases, 'writeSamples'>;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
  readonly clock: () => number;
}

/** Reads the pages of the configuration. @throws ConfigError naming the field */
export function composeScrape(
  config: Config,
  environment: NodeJS.ProcessEnv,
  { guard, books, useCases, metrics, log, clock }: ScrapeParts,
): ReturnType<typeof createScrapeLoop> {
  const targets = scrapeTargets(config, environment, guard);
  const longest = targets.reduce((most, { timeoutMs }) => Math.max(most, timeoutMs), 1_000);
  const failing = new Set<ScrapeTarget>();
  const onResult = ({ target, samples, refusals, trouble }: ScrapeResult): void => {
    metrics.received('scrape', samples);
    for (const refusal of refusals) metrics.refused('scrape', refusal.reason, refusal.samples);
    const { name, instance } = target;
    const reason = trouble ?? refusals[0]?.example;
    if (trouble !== undefined) metrics.requestRefused('scrape', 'unreachable');
    if (reason !== undefined && !failing.has(target))
      log.warn({ scrape: name, instance }, `a page of metrics is not read whole: ${reason}`);
    if (reason === undefined && failing.delete(target))
      log.info({ scrape: name, instance }, 'a page of metrics is read again');
    if (reason !== undefined) failing.add(target);
  };
  return createScrapeLoop({
    ...{ targets, books, clock, onResult },
    fetchPage: createGuardedFetch(guard, { timeoutMs: longest, maxResponseBytes: MAX_PAGE_BYTES }),
    write: (project, batches) => useCases.writeSamples(scraper(project), batches),
  });
}

/** What is scraped was configured by those who run the service. */
function scraper(project: string): Caller {
  const everywhere = { project, service: '*', environment: '*' };
  return { name: 'scrape', role: 'pipeline', ...everywhere, authentication: 'system' };
}

function scrapeTargets(
  config: Config,
  environment: NodeJS.ProcessEnv,
  guard: UrlGuard,
): readonly ScrapeTarget[] {
  return config.scrape.flatMap(({ name, urls, interval, timeout, project, labels, bearerToken }, index) => {
    const field = `/scrape/${index}`;
    const token =
      bearerToken === undefined
        ? undefined
        : asConfigured(`${field}/bearerToken`, () => readSecret(bearerToken, environment));
    const headers: Readonly<Record<string, string>> =
      token === undefined ? {} : { authorization: `Bearer ${token}` };
    return urls.map((url, at) => {
      checkUrl(guard, url, `${field}/urls/${at}`);
      return {
        name,
        url,
        instance: new URL(url).host,
        project,
        labels,
        headers,
        intervalMs: interval,
        timeoutMs: Math.min(timeout, interval),
      };
    });
  });
}
