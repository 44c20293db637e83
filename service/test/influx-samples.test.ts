import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGuardedDial } from '../src/delivery/guarded-dial.js';
import { createUrlGuard } from '../src/delivery/url-guard.js';
import { createInflux1Samples } from '../src/sources/influx/v1/sample-database.js';
import { aBatch, baseMs } from '../src/store/contract-fixtures.js';
import { sampleContract } from '../src/store/contract-samples.test-suite.js';
import { withInfluxSamples } from '../src/store/influx/with-influx-samples.js';
import type { Store } from '../src/store/port.js';
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.js';
import { startInflux, type InfluxServer } from './influx-server.js';
import { describeWithServer } from './needs-server.js';

describeWithServer('influxd', 'samples in InfluxDB', () => {
  let server: InfluxServer;
  let store: Store;
  let folder: string;
  let made = 0;
  const open = async (): Promise<Store> => {
    const dial = createGuardedDial(createUrlGuard({ allow: [server.host] }));
    const file = join(folder, 'data', 'b.db');
    return withInfluxSamples(
      await openSqliteStore({ file, clock: () => baseMs }),
      createInflux1Samples(
        {
          name: 'influx',
          url: server.url,
          database: `pushed "${made}"`,
          field: 'value',
          timeoutMs: 10_000,
          headers: {},
          secrets: [],
          tls: {},
        },
        { dial, stop: new AbortController().signal },
      ),
    );
  };
  const reopen = async (): Promise<void> => {
    await store.close();
    store = await open();
  };
  beforeAll(async () => {
    server = await startInflux();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bellwether-influx-samples-'));
    made += 1;
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  sampleContract(() => store, reopen);

  describe('beyond the contract', () => {
    const query = { project: 'shop', metric: 'latency_seconds', labels: {}, fromMs: 0, toMs: baseMs * 2 };

    it('keeps labels that InfluxDB reads otherwise', async () => {
      const values = [
        'a,b=c d',
        'ends in \\',
        'a\\,b',
        '%5C',
        '100%',
        '"\'',
        '/x/',
        ' ',
        'ü€😀',
        '=',
        'a\u0085b',
      ];
      const names = ['time', 'value', '_field', '_measurement', 'name', 'host'];
      const batches = names.flatMap((name) =>
        values.map((value) => aBatch([[baseMs, 1]], { labels: { [name]: value }, project: 'a b,c="d"' })),
      );
      await store.samples.append(batches);
      for (const restart of [false, true]) {
        if (restart) await reopen();
        for (const { labels, project } of batches)
          expect((await store.samples.read({ ...query, project, labels })).map((one) => one.labels)).toEqual([
            labels,
          ]);
        expect(await store.samples.seriesCount('a b,c="d"')).toBe(names.length * values.length);
        expect(await store.samples.append(batches)).toEqual({ stored: 0, replaced: batches.length });
      }
    });

    it('keeps every bit of a value, and counters apart from gauges', async () => {
      const values = [5e-324, 1.7976931348623157e308, 0.1 + 0.2, -1e21, 123456789012345680, 0];
      await store.samples.append([
        aBatch(
          values.map((value, index) => [baseMs + index, value] as const),
          { type: 'counter' },
        ),
      ]);
      const [series] = await store.samples.read(query);
      expect(series?.type).toBe('counter');
      expect([...(series?.values ?? [])]).toEqual(values);
    });

    it('counts late points right, through a restart, and pages through long series', async () => {
      const minute = (from: number, count: number) =>
        aBatch(
          Array.from({ length: count }, (_, index) => [baseMs + (from + index) * 60_000, index] as const),
        );
      expect(await store.samples.append([minute(10, 12_000)])).toEqual({ stored: 12_000, replaced: 0 });
      expect(await store.samples.append([minute(0, 20)])).toEqual({ stored: 10, replaced: 10 });
      await reopen();
      expect(await store.samples.append([minute(12_005, 10)])).toEqual({ stored: 5, replaced: 5 });
      const [series] = await store.samples.read(query);
      expect(series?.timesMs).toHaveLength(12_015);
      expect([...(series?.timesMs ?? [])]).toEqual(
        Array.from({ length: 12_015 }, (_, index) => baseMs + index * 60_000),
      );
    });

    it('says so when InfluxDB itself keeps samples for a shorter time', async () => {
      const old = aBatch([[Date.now() - 7_200_000, 1]]);
      await store.samples.append([aBatch([[Date.now(), 1]])]);
      await server.query(
        `ALTER RETENTION POLICY "autogen" ON "pushed \\"${made}\\"" DURATION 1h SHARD DURATION 1h`,
      );
      await expect(store.samples.append([old])).rejects.toMatchObject({
        code: 'refused',
        retryable: false,
        message: expect.stringContaining('points beyond retention policy dropped=1') as string,
      });
    });

    it('prunes what was pushed and leaves alone what others wrote', async () => {
      await store.samples.append([
        aBatch([
          [baseMs, 1],
          [baseMs + 10, 2],
        ]),
      ]);
      await server.write(`pushed "${made}"`, `latency_seconds,host=a value=1 ${baseMs}`);
      await store.prune(baseMs + 5, { samplesMs: 0, ticksMs: 1e13, evidenceMs: 1e13, auditMs: 1e13 });
      const [series] = await store.samples.read(query);
      expect([...(series?.timesMs ?? [])]).toEqual([baseMs + 10]);
      expect(
        await server.query("SELECT * FROM latency_seconds WHERE host = 'a'", `pushed "${made}"`),
      ).toMatchObject({
        results: [{ series: [{ values: [[baseMs, null, null, null, 'a', null, 1]] }] }],
      });
    });
  });
});
