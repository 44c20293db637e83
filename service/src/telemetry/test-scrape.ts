import type { Registry } from 'prom-client';

/** The value of one series in a scrape, as `name{label="value"}` or the bare name; undefined when it is not there. */
export async function scraped(registry: Registry, series: string): Promise<number | undefined> {
  const line = (await registry.metrics()).split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
