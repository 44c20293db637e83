import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@bellwether/models';
import { describe, expect, it } from 'vitest';
import { DATABASE_FILE } from '../src/cli/store-commands.js';
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.js';
import { startService, type RunningService } from './running-service.js';
import { createTraffic, errorPolicy } from './traffic.js';

const ROUNDS = 25;
const INTERVAL_MS = 100;

describe('kill -9 during ticks and pushes', () => {
  it(
    `loses nothing acknowledged in ${ROUNDS} rounds, repeats no tick, and keeps the audit chain`,
    { timeout: 300_000 },
    async () => {
      const random = createRandom(7);
      const dataDir = mkdtempSync(join(tmpdir(), 'bellwether-kill-'));
      const config = {
        policies: {
          default: errorPolicy({ interval: `${INTERVAL_MS}ms`, watch: '5m', settle: '200ms', history: '5s' }),
        },
      };
      let service: RunningService = await startService({ dataDir, config });
      const traffic = createTraffic(
        () => service,
        [
          { version: 'v1', requestsPerInterval: 50, errorRatio: 0.01 },
          { version: 'v2', requestsPerInterval: 50, errorRatio: 0.01 },
        ],
        INTERVAL_MS / 4,
      );
      traffic.start();
      const started = await service.request('POST', '/api/v1/deployments', {
        service: 'cart',
        environment: 'prod',
        version: 'v2',
        previousVersion: 'v1',
        strategy: 'canary',
        change: { kind: 'code' },
      });
      const id = String(started.body['id']);
      for (let round = 0; round < ROUNDS; round++) {
        await sleep(300 + 700 * random.uniform());
        await service.kill();
        service = await startService({ dataDir, config });
      }
      await sleep(1_000);
      traffic.stop();
      await service.kill();

      const store = await openSqliteStore({ file: join(dataDir, DATABASE_FILE), clock: Date.now });
      const seen = await storedPoints(store, ['requests_total', 'errors_total']);
      const lost = traffic.acknowledged.filter(
        (p) => seen.get(`${p.metric}/${p.version}/${p.tMs}`) !== p.value,
      );
      expect(traffic.acknowledged.length).toBeGreaterThan(500);
      expect(lost).toEqual([]);

      const [watch] = await store.watches({ deploymentId: id });
      const ticks = await store.ticks(watch?.id ?? '');
      expect(ticks.length).toBeGreaterThan(ROUNDS);
      expect(ticks.map((t) => t.look)).toEqual(ticks.map((_, i) => i + 1));
      expect(ticks.length).toBe(watch?.lastLook);
      const verdicts = await store.verdicts(id);
      expect(new Set(verdicts.map((v) => `${v.watchId}/${v.look}`)).size).toBe(verdicts.length);
      expect(await store.verifyAudit()).toMatchObject({ ok: true });
      await store.close();
    },
  );
});

async function storedPoints(
  store: Awaited<ReturnType<typeof openSqliteStore>>,
  metrics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const points = new Map<string, number>();
  for (const metric of metrics) {
    const all = await store.samples.read({
      project: 'default',
      metric,
      labels: {},
      fromMs: 0,
      toMs: Date.now() + 60_000,
    });
    for (const { labels, timesMs, values } of all)
      timesMs.forEach((tMs, i) =>
        points.set(`${metric}/${labels['version'] ?? ''}/${tMs}`, values[i] ?? NaN),
      );
  }
  return points;
}
