import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createRandom,
  INITIAL_CARRIED,
  SHIPPED_MODEL,
  type LiveMetric,
  type Snapshot,
} from '@bellwether/models';
import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from './port.js';
import { sampleSnapshot } from './sample-snapshot.test-support.js';
import { createWorkerEngine, type WorkerEngineOptions } from './worker-engine.js';

/** Threads can't run TypeScript: the test is of what is built, as it ships. */
const BUILT = new URL('../../dist/src/engine/engine-worker.js', import.meta.url);

/** A worker that does as the watch's name says. */
const SCRIPTED = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ kind, id, watchId }) => {
      if (kind === 'release') return;
      if (watchId === 'crash') throw new Error('out of luck');
      if (watchId === 'exit') process.exit(7);
      if (watchId === 'hang' || (watchId === 'hang later' && kind === 'assess')) for (;;);
      if (watchId === 'slow') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
      parentPort.postMessage(kind === 'calibrate' ? { kind: 'calibrated', id, summary: { watchId } } : { kind: 'assessed', id, assessment: { watchId } });
    });
  `)}`,
);
/** A worker that can't even start. */
const BROKEN = new URL(`data:text/javascript,${encodeURIComponent("throw new Error('no such library');")}`);

const open: Engine[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

function engineOf(lanes: number, options: WorkerEngineOptions) {
  const crashes: Error[] = [];
  const engine = createWorkerEngine(lanes, (error) => crashes.push(error), {
    firstPauseMs: 5,
    limitMs: { calibrate: 20_000, assess: 20_000, attribute: 20_000 },
    ...options,
  });
  open.push(engine);
  return { engine, crashes };
}

const LOOKS = 10;
function snapshotOf(length: number): Snapshot {
  const random = createRandom(11);
  const values = Float64Array.from({ length }, () => 1 + random.uniform());
  return sampleSnapshot({ treatment: { shape: 'gauge', values } }, { plannedLooks: LOOKS });
}
const snapshot = snapshotOf(10);
const none: readonly LiveMetric[] = [];
const assess = (engine: Engine, watchId: string) => engine.assess(watchId, none, 1, INITIAL_CARRIED);

describe('the engine on threads', () => {
  it('runs the science that ships', async () => {
    expect(existsSync(BUILT)).toBe(true);
    const { engine, crashes } = engineOf(2, { workerFile: BUILT });
    const history = snapshotOf(2_000);
    const summary = await engine.calibrate('w1', history);
    expect(summary.placebos).toBeGreaterThan(10);
    const live: readonly LiveMetric[] = [{ treatment: { shape: 'gauge', values: Float64Array.of(1.4) } }];
    const assessment = await engine.assess('w1', live, 1, INITIAL_CARRIED);
    expect(assessment.look).toBe(1);
    engine.release('w1');
    expect(engine.isCalibrated('w1')).toBe(false);
    await expect(assess(engine, 'w1')).rejects.toThrow('not calibrated');
    expect(crashes).toEqual([]);
  });

  it('asks the learned scorer that the snapshot names, and goes on without one that is not there', async () => {
    const { engine, crashes } = engineOf(1, { workerFile: BUILT });
    const learned = { ...snapshotOf(2_000), learned: SHIPPED_MODEL };
    expect((await engine.calibrate('w1', learned)).learned).toMatchObject(SHIPPED_MODEL);
    const live: readonly LiveMetric[] = [
      { treatment: { shape: 'gauge', values: Float64Array.from({ length: LOOKS }, () => 1.6) } },
    ];
    const { carried } = await engine.assess('w1', live, Math.ceil(LOOKS / 4), INITIAL_CARRIED);
    expect(carried.learned).toHaveLength(1);
    const gone = { model: 'tuned/1', sha256: 'f'.repeat(64) };
    const { reasons } = await engine.calibrate('w2', { ...learned, learned: gone });
    expect(reasons.map(({ code }) => code)).toContain('learned-scorer-missing');
    expect((await engine.assess('w2', live, LOOKS, INITIAL_CARRIED)).carried.learned).toBeUndefined();
    expect(crashes).toEqual([]);
  });

  it.each([
    ['without', undefined],
    ['with', SHIPPED_MODEL],
  ])('takes over what another thread has calibrated, %s the learned scorer', async (_name, learned) => {
    const cacheFolder = mkdtempSync(join(tmpdir(), 'bellwether-engine-'));
    const history = { ...snapshotOf(2_000), ...(learned === undefined ? {} : { learned }) };
    const first = engineOf(1, { workerFile: BUILT, cacheFolder }).engine;
    const summary = await first.calibrate('w1', history);
    const [name = '', ...others] = readdirSync(cacheFolder);
    const file = join(cacheFolder, name);
    utimesSync(file, 0, 0);
    const second = engineOf(1, { workerFile: BUILT, cacheFolder }).engine;
    expect(await second.calibrate('w2', history)).toStrictEqual(summary);
    const live: readonly LiveMetric[] = [{ treatment: { shape: 'gauge', values: Float64Array.of(1.4) } }];
    expect(await second.assess('w2', live, 1, INITIAL_CARRIED)).toStrictEqual(
      await first.assess('w1', live, 1, INITIAL_CARRIED),
    );
    // Read, not written anew: of the one file only the time of its last use has changed.
    expect(others).toEqual([]);
    expect(readdirSync(cacheFolder)).toEqual([name]);
    expect(statSync(file).mtimeMs).toBeGreaterThan(0);
    rmSync(cacheFolder, { recursive: true });
  });

  it.each([
    ['crash', 'out of luck'],
    ['exit', 'ended with code 7'],
  ])('replaces a worker that dies (%s) and tells everyone who waited', async (watchId, why) => {
    const { engine, crashes } = engineOf(1, { workerFile: SCRIPTED });
    await engine.calibrate('healthy', snapshot);
    const fate = engine.calibrate(watchId, snapshot);
    const queued = assess(engine, 'healthy');
    await Promise.all([expect(fate).rejects.toThrow(why), expect(queued).rejects.toThrow(why)]);
    expect(engine.isCalibrated('healthy')).toBe(false);
    expect(crashes).toHaveLength(1);
    await expect(engine.calibrate('healthy', snapshot)).rejects.toThrow('being replaced');
    await expect.poll(() => engine.calibrate('healthy', snapshot).catch(() => undefined)).toBeDefined();
    expect(await assess(engine, 'healthy')).toEqual({ watchId: 'healthy' });
  });

  it('ends and replaces a worker that gets stuck, and leaves the other lanes alone', async () => {
    const { engine, crashes } = engineOf(2, {
      workerFile: SCRIPTED,
      limitMs: { calibrate: 3_000, assess: 1_000, attribute: 1_000 },
    });
    await engine.calibrate('a', snapshot);
    await engine.calibrate('hang later', snapshot);
    await expect(assess(engine, 'hang later')).rejects.toThrow('over 1000 ms to assess');
    expect(engine.isCalibrated('hang later')).toBe(false);
    expect(await assess(engine, 'a')).toEqual({ watchId: 'a' });
    await expect(engine.calibrate('hang', snapshot)).rejects.toThrow('over 3000 ms to calibrate');
    expect(engine.isCalibrated('hang')).toBe(false);
    expect(crashes).toHaveLength(2);
  });

  it('counts the time that a question takes, not the time it waits for others', async () => {
    const { engine, crashes } = engineOf(1, {
      workerFile: SCRIPTED,
      limitMs: { calibrate: 1_500, assess: 1_500, attribute: 1_500 },
    });
    await engine.calibrate('warm', snapshot);
    const all = Array.from({ length: 12 }, () => engine.calibrate('slow', snapshot));
    expect(await Promise.all(all)).toHaveLength(12);
    expect(crashes).toEqual([]);
  });

  it('starts a worker that cannot start less and less often', async () => {
    const { crashes } = engineOf(1, { workerFile: BROKEN, firstPauseMs: 100 });
    await expect.poll(() => crashes.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    // Pauses of 100, 200, 400, 800 … ms: without growth there would be about ten.
    expect(crashes.length).toBeLessThanOrEqual(5);
    expect(crashes[0]?.message).toBe('no such library');
  });

  it('closes though a worker is stuck, and answers whoever waits', async () => {
    const { engine } = engineOf(1, { workerFile: SCRIPTED });
    const fate = expect(engine.calibrate('hang', snapshot)).rejects.toThrow('the engine is closed');
    await engine.close();
    await fate;
    await expect(assess(engine, 'hang')).rejects.toThrow('not calibrated');
  });

  it('needs a thread', () => {
    expect(() => createWorkerEngine(0, () => undefined)).toThrow(RangeError);
  });
});
