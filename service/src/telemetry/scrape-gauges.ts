import { statfs } from 'node:fs/promises';
import { Gauge, type Registry } from 'prom-client';
import type { StoreStatistics } from '../store/port.js';
import { shared } from './shared-read.js';

/** What is read at every scrape; each must answer within milliseconds. */
export interface ScrapeFacts {
  readonly clock: () => number;
  readonly scheduler: () => { readonly active: number; readonly overdue: number };
  readonly engine: () => { readonly threads: number; readonly up: number; readonly queued: number };
  readonly store: () => Promise<StoreStatistics>;
  /** The last check of the whole audit chain; undefined before the first. */
  readonly audit: () => { readonly ok: boolean; readonly atMs: number } | undefined;
  /** Folder whose file system is measured. */
  readonly dataDir: string;
}

/** Registers the gauges of what is there now. A fact that cannot be read shows as NaN, and the scrape goes on. */
export function registerScrapeGauges(registry: Registry, facts: ScrapeFacts): void {
  const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
    new Gauge({
      name: `bellwether_${name}`,
      help,
      registers: [registry],
      async collect() {
        this.set(
          await Promise.resolve()
            .then(read)
            .catch(() => NaN),
        );
      },
    });
  };
  const store = shared(facts.store);
  registerWork(gauge, facts);
  registerStore(gauge, store, facts.clock);
  registerOutbox(registry, store);
  registerDisk(gauge, facts.dataDir);
}

type MakeGauge = (name: string, help: string, read: () => number | Promise<number>) => void;

function registerWork(gauge: MakeGauge, { scheduler, engine, audit, clock }: ScrapeFacts): void {
  const startedAtMs = clock();
  gauge('watches_active', 'Watches in progress.', () => scheduler().active);
  gauge(
    'watches_overdue',
    'Watches whose next look is late by more than an interval.',
    () => scheduler().overdue,
  );
  gauge('engine_threads', 'Engine threads that are configured.', () => engine().threads);
  gauge('engine_threads_up', 'Engine threads that run.', () => engine().up);
  gauge(
    'engine_queue_length',
    'Questions that engine threads work on or that wait for one.',
    () => engine().queued,
  );
  gauge(
    'audit_chain_ok',
    '1 while the last check of the whole audit chain found it whole, 0 when it is broken, NaN before the first.',
    () => (audit() === undefined ? NaN : Number(audit()?.ok)),
  );
  gauge(
    'audit_verified_timestamp_seconds',
    'When the whole audit chain was last checked; until the first check when this process started, so that one that never comes shows.',
    () => (audit()?.atMs ?? startedAtMs) / 1000,
  );
}

function registerStore(gauge: MakeGauge, read: ScrapeFacts['store'], clock: () => number): void {
  gauge('store_size_bytes', 'Size of the database.', async () => (await read()).databaseBytes);
  gauge(
    'audit_checkpoint_timestamp_seconds',
    'When the audit log was last signed; NaN while it never was.',
    async () => ((await read()).lastCheckpointAtMs ?? NaN) / 1000,
  );
  gauge(
    'audit_unsigned_age_seconds',
    'Age of the oldest audit entry that no signature covers yet; 0 when all are covered.',
    async () => age((await read()).oldestUnsignedAtMs, clock),
  );
  gauge(
    'outbox_oldest_age_seconds',
    'Age of the oldest webhook message that waits; 0 when none does.',
    async () => age((await read()).oldestWaitingAtMs, clock),
  );
}

function registerOutbox(registry: Registry, read: ScrapeFacts['store']): void {
  new Gauge({
    name: 'bellwether_outbox_messages',
    help: 'Webhook messages that wait for delivery, and dead ones that nobody has redelivered.',
    labelNames: ['state'] as const,
    registers: [registry],
    async collect() {
      const now = await read().catch(() => undefined);
      this.set({ state: 'waiting' }, now?.outboxWaiting ?? NaN);
      this.set({ state: 'dead' }, now?.outboxDead ?? NaN);
    },
  });
}

function registerDisk(gauge: MakeGauge, dataDir: string): void {
  const read = shared(() => statfs(dataDir));
  gauge(
    'data_disk_free_bytes',
    'Space that this user may still fill on the file system of the data folder.',
    async () => {
      const { bavail, bsize } = await read();
      return bavail * bsize;
    },
  );
  gauge('data_disk_size_bytes', 'Size of the file system of the data folder.', async () => {
    const { blocks, bsize } = await read();
    return blocks * bsize;
  });
}

function age(sinceMs: number | undefined, clock: () => number): number {
  return sinceMs === undefined ? 0 : Math.max(0, clock() - sinceMs) / 1000;
}
