import type { SampleBatch } from '../../domain/sample.js';
import { isFault, type SampleRefusal } from '../../domain/sample-refusal.js';
import type { SeriesBooks } from '../series-books.js';
import { scrapeTarget, type FetchPage, type ScrapeTarget } from './scrape-target.js';

/** How a scrape went. */
export interface ScrapeResult {
  readonly target: ScrapeTarget;
  readonly samples: number;
  readonly refusals: readonly SampleRefusal[];
  /** Why there was no page, or why it could not be stored. */
  readonly trouble?: string;
}

export interface ScrapeParts {
  readonly targets: readonly ScrapeTarget[];
  readonly books: SeriesBooks;
  readonly fetchPage: FetchPage;
  /** Stores what a page brought, for a project. */
  readonly write: (
    project: string,
    batches: readonly SampleBatch[],
  ) => Promise<{
    readonly stored: number;
    readonly replaced: number;
    readonly refusals: readonly SampleRefusal[];
  }>;
  readonly onResult: (result: ScrapeResult) => void;
  readonly clock: () => number;
}

/** Reads every target at its interval, spread evenly, until it is stopped. A page that takes longer than the interval delays the next one. */
export function createScrapeLoop(parts: ScrapeParts): { start(): void; stop(): Promise<void> } {
  const stopping = new AbortController();
  const timers = new Map<ScrapeTarget, NodeJS.Timeout>();
  const inWork = new Set<Promise<void>>();

  const schedule = (target: ScrapeTarget, offsetMs: number): void => {
    if (stopping.signal.aborted) return;
    const { intervalMs } = target;
    const waitMs = intervalMs - ((parts.clock() - offsetMs) % intervalMs);
    const timer = setTimeout(() => {
      const run = scrape(target, parts, stopping.signal)
        .then((result) => {
          if (!stopping.signal.aborted) parts.onResult(result);
        })
        .finally(() => {
          inWork.delete(run);
          schedule(target, offsetMs);
        });
      inWork.add(run);
    }, waitMs);
    timer.unref();
    timers.set(target, timer);
  };

  return {
    start() {
      for (const [index, target] of parts.targets.entries())
        schedule(target, Math.floor((index * target.intervalMs) / parts.targets.length));
    },
    async stop() {
      stopping.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(inWork);
    },
  };
}

async function scrape(
  target: ScrapeTarget,
  { books, fetchPage, write, clock }: ScrapeParts,
  signal: AbortSignal,
): Promise<ScrapeResult> {
  const sink = books.sink({ id: `scrape:${target.name}:${target.instance}`, project: target.project });
  const unreached = await scrapeTarget(target, fetchPage, sink, clock(), signal);
  const { batches, refusals } = sink.gather();
  try {
    const written = await write(target.project, batches);
    return {
      target,
      samples: written.stored + written.replaced,
      refusals: [...refusals, ...written.refusals].filter(isFault),
      ...(unreached === undefined ? {} : { trouble: unreached }),
    };
  } catch (error) {
    const trouble = `it could not be stored: ${error instanceof Error ? error.message : 'unknown'}`;
    return { target, samples: 0, refusals, trouble };
  }
}
