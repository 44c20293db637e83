import { parseExposition } from '../exposition/parse-exposition.js';
import { typeByName } from '../received-series.js';
import type { SampleSink } from '../sample-sink.js';

/** A page of metrics that is read at regular times. */
export interface ScrapeTarget {
  /** Of its entry in the configuration; series carry it as `job`. */
  readonly name: string;
  readonly url: string;
  /** Host and port of the address: its path and query may hold secrets. */
  readonly instance: string;
  readonly project: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What every series of it carries besides `job` and `instance`. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What was asked and answered. */
export interface ScrapedPage {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

/** Asks for one page. @throws Error when there is no usable answer */
export type FetchPage = (request: {
  readonly url: string;
  readonly method: 'GET';
  readonly headers: Readonly<Record<string, string>>;
  readonly read: 'whole';
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}) => Promise<ScrapedPage>;

const ACCEPT = 'application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

/**
 * Reads a target once into a sink, with the series `up`: 1, or 0 when it gave no page.
 * @returns why there was none
 */
export async function scrapeTarget(
  target: ScrapeTarget,
  fetchPage: FetchPage,
  sink: SampleSink,
  nowMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const labels = { ...target.labels, job: target.name, instance: target.instance };
  const trouble = await readPage();
  const up = sink.series('\u0000up', () => ({ metric: 'up', labels, type: typeByName('up') }));
  sink.add(up, nowMs, trouble === undefined ? 1 : 0);
  return trouble;

  async function readPage(): Promise<string | undefined> {
    try {
      const { url, headers, timeoutMs } = target;
      const page = await fetchPage({
        url,
        method: 'GET',
        headers: { accept: ACCEPT, ...headers },
        read: 'whole',
        timeoutMs,
        signal,
      });
      if (page.status !== 200) return `it answered ${page.status}`;
      const format = (page.header('content-type') ?? '').includes('openmetrics') ? 'openmetrics' : 'text';
      parseExposition(page.body, { format, nowMs, labels }, sink);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : 'it gave no answer';
    }
  }
}
