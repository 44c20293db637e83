import { copyFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { aBatch, anAuditEntry, baseMs } from '../contract-fixtures.js';
import { temporaryStores } from './temporary-directory.test-support.js';

const { path, open } = temporaryStores();

it('loses nothing acknowledged when the process dies: the files of a moment are a whole store', async () => {
  const store = await open();
  const seriesCount = 40;
  for (let round = 1; round <= 6; round += 1) {
    // Enough for a fold to begin in round 4 and to be under way when the files are taken.
    const points = Array.from(
      { length: 500 },
      (_, at) => [baseMs + round * 1_000_000 + at * 60, at] as const,
    );
    const labels = (index: number) => ({ index: String(index) });
    await store.samples.append(
      Array.from({ length: seriesCount }, (_, index) => aBatch(points, { labels: labels(index) })),
    );
    await store.transaction((tx) => tx.appendAudit(anAuditEntry(round)));
    const image = path(`crash-${round}.db`);
    for (const suffix of ['', '-wal', '.audit-key.pem']) copyFileSync(path(`b.db${suffix}`), image + suffix);
    const restarted = await open({ file: image });
    const query = { project: 'shop', metric: 'latency_seconds', labels: {}, fromMs: 0, toMs: 1e14 };
    const found = await restarted.samples.read(query);
    expect(found).toHaveLength(seriesCount);
    for (const series of found) expect(series.timesMs).toHaveLength(round * 500);
    expect(await restarted.verifyAudit()).toMatchObject({ ok: true, entries: round });
    const again = await restarted.samples.append([aBatch(points, { labels: labels(0) })]);
    expect(again).toEqual({ stored: 0, replaced: 500 });
    await restarted.close();
  }
});
