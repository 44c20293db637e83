import { Counter, Gauge, type Registry } from 'prom-client';

/** The ways in that other tools write or are read by. */
export type Dialect = 'remote-write' | 'influx' | 'otlp' | 'scrape';

export interface IngestMetrics {
  received(dialect: Dialect, samples: number): void;
  refused(dialect: Dialect, reason: string, samples: number): void;
  /** @param reason why nothing of a request could be taken */
  requestRefused(dialect: Dialect, reason: string): void;
  /** @param sizes series in use by sender, asked for at every scrape */
  countSeries(sizes: () => ReadonlyMap<string, number>): void;
}

export function createIngestMetrics(registry: Registry): IngestMetrics {
  const registers = [registry];
  const samples = new Counter({
    name: 'bellwether_ingest_samples_total',
    help: 'Samples that were taken in by dialects of other tools.',
    labelNames: ['dialect'] as const,
    registers,
  });
  const refused = new Counter({
    name: 'bellwether_ingest_refused_samples_total',
    help: 'Samples of such requests that were left out, by reason; dropped (by a rule) and no-value (not a number) are no faults.',
    labelNames: ['dialect', 'reason'] as const,
    registers,
  });
  const requests = new Counter({
    name: 'bellwether_ingest_refused_requests_total',
    help: 'Such requests of which nothing was taken, by reason.',
    labelNames: ['dialect', 'reason'] as const,
    registers,
  });
  return {
    received: (dialect, count) => samples.inc({ dialect }, count),
    refused: (dialect, reason, count) => refused.inc({ dialect, reason }, count),
    requestRefused: (dialect, reason) => requests.inc({ dialect, reason }),
    countSeries(sizes) {
      new Gauge({
        name: 'bellwether_ingest_series',
        help: 'Different series that a token (or a scraped target) sent within the last one to two hours.',
        labelNames: ['sender'] as const,
        registers,
        collect() {
          this.reset();
          for (const [sender, size] of sizes()) this.set({ sender }, size);
        },
      });
    },
  };
}
