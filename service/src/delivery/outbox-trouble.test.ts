import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryQueue, waiting, type MemoryQueue } from './fakes/memory-queue.js';
import { createOutboxScene, endpointAt, idsAt, quickRetries, sceneSecret } from './fakes/outbox-scene.js';
import { status } from './fakes/receiver.js';

const scene = createOutboxScene();
afterEach(scene.close);

const states = (queue: MemoryQueue) => queue.all().map(({ state }) => state);
const settled = (queue: MemoryQueue) =>
  expect.poll(() => states(queue).includes('waiting'), { timeout: 15_000 }).toBe(false);

describe('what cannot be delivered', () => {
  it('unknown endpoint, body too large, id that cannot be signed: dead letters with a reason, nothing sent', async () => {
    const there = await scene.receiver();
    const queue = createMemoryQueue([
      waiting('m1', { endpoint: 'removed' }),
      waiting('m2', { deploymentId: 'd2', body: 'ü'.repeat(10_000) }),
      waiting('a.b', { deploymentId: 'd3' }),
      waiting('m3', { deploymentId: 'd4', body: 'x'.repeat(19_999) }),
    ]);
    const { worker } = scene.workerOn(queue, [endpointAt(there)]);
    await worker.drain();
    expect(queue.get('m1')).toMatchObject({
      state: 'dead',
      lastError: 'endpoint "removed" is not in the configuration; add it there, then redeliver',
    });
    expect(queue.get('m2')).toMatchObject({
      state: 'dead',
      lastError: 'the body has 20000 bytes; the limit is 19999',
    });
    expect(queue.get('a.b')).toMatchObject({
      state: 'dead',
      lastError: expect.stringMatching(/webhook id/) as unknown,
    });
    expect(idsAt(there)).toEqual(['m3']);
  });

  it('a URL that the guard refuses keeps its messages waiting, with rule and remedy', async () => {
    const queue = createMemoryQueue([waiting('m1')]);
    const { worker } = scene.workerOn(
      queue,
      [{ name: 'main', url: 'https://10.0.0.1/', secret: sceneSecret, events: [] }],
      {
        retry: { ...quickRetries, floorMs: 60_000 },
      },
    );
    await worker.drain();
    expect(queue.get('m1')).toMatchObject({
      state: 'waiting',
      attempts: 1,
      lastError: expect.stringMatching(/^refused: refused \(private\): 10\.0\.0\.1/) as unknown,
    });
  });

  it('bad configuration stops the worker from being made', () => {
    const main = { name: 'main', url: 'https://example.com/', secret: sceneSecret, events: [] };
    expect(() => scene.workerOn(createMemoryQueue(), [main, main])).toThrow('two webhooks are named "main"');
    expect(() => scene.workerOn(createMemoryQueue(), [{ ...main, secret: 'hush' }])).toThrow(
      'secret of webhook "main" must begin with "whsec_"',
    );
  });
});

describe('trouble of its own', () => {
  it('a process that dies between sending and settling sends the same id again', async () => {
    const there = await scene.receiver();
    const queue = createMemoryQueue([waiting('m1')]);
    const dying = scene.workerOn({ ...queue, settle: () => new Promise(() => undefined) }, [
      endpointAt(there),
    ]);
    dying.worker.start();
    await expect.poll(() => there.requests.length).toBe(1);
    const next = scene.workerOn(queue, [endpointAt(there)]);
    await next.worker.drain();
    expect(idsAt(there)).toEqual(['m1', 'm1']);
    expect(queue.get('m1').state).toBe('delivered');
  });

  it('a store that fails for a while costs no message and no second request', async () => {
    const there = await scene.receiver();
    const queue = createMemoryQueue([waiting('m1', { createdAtMs: 1 }), waiting('m2', { createdAtMs: 2 })]);
    there.answerWith((request, response, index) => {
      if (index === 0) queue.broken = true;
      status(200)(request, response, index);
    });
    const { worker, log } = scene.workerOn(queue, [endpointAt(there)]);
    worker.start();
    await expect.poll(() => log.lines.length).toBe(2);
    queue.broken = false;
    await settled(queue);
    expect(idsAt(there)).toEqual(['m1', 'm2']);
    expect(log.lines.toSorted()).toEqual([
      'error the result of a delivery cannot be stored; still trying',
      'error waiting messages cannot be read; still trying',
    ]);
  });

  it('a look at the store that is out of date by the time it is used sends nothing twice', async () => {
    const there = await scene.receiver(
      (request, response, index) => void setTimeout(() => status(200)(request, response, index), 30),
    );
    const queue = createMemoryQueue([waiting('m1', { createdAtMs: 1 }), waiting('m2', { createdAtMs: 2 })]);
    const slow = {
      ...queue,
      claimDue: async (nowMs: number, limit: number) => {
        const due = await queue.claimDue(nowMs, limit);
        await delay(60);
        return due;
      },
    };
    const { worker } = scene.workerOn(slow, [endpointAt(there)]);
    worker.start();
    await settled(queue);
    await worker.drain();
    expect(idsAt(there)).toEqual(['m1', 'm2']);
  });

  it('stop waits for what is in flight', async () => {
    const there = await scene.receiver(
      (request, response, index) => void setTimeout(() => status(200)(request, response, index), 150),
    );
    const queue = createMemoryQueue([waiting('m1', { createdAtMs: 1 }), waiting('m2', { createdAtMs: 2 })]);
    const { worker } = scene.workerOn(queue, [endpointAt(there)]);
    worker.start();
    await expect.poll(() => there.requests.length).toBe(1);
    await worker.stop(10_000);
    expect(states(queue)).toEqual(['delivered', 'waiting']);
    expect(there.requests).toHaveLength(1);
  });

  it('stop cuts off what hangs after its limit; it stays waiting, uncounted, and goes out after a restart', async () => {
    const there = await scene.receiver(() => undefined);
    const queue = createMemoryQueue([waiting('m1')]);
    const { worker } = scene.workerOn(queue, [endpointAt(there)]);
    worker.start();
    await expect.poll(() => there.requests.length).toBe(1);
    const startedAtMs = Date.now();
    await worker.stop(50);
    expect(Date.now() - startedAtMs).toBeLessThan(5_000);
    expect(queue.get('m1')).toEqual(waiting('m1'));
    there.answerWith(status(200));
    worker.start();
    await settled(queue);
    expect(idsAt(there)).toEqual(['m1', 'm1']);
  });

  it('a hanging endpoint leaves room for a healthy one', async () => {
    const hanging = await scene.receiver(() => undefined);
    const healthy = await scene.receiver();
    const stuck = Array.from({ length: 20 }, (_, i) =>
      waiting(`s${i}`, { endpoint: 'hanging', deploymentId: `d${i}`, createdAtMs: i }),
    );
    const fine = Array.from({ length: 20 }, (_, i) =>
      waiting(`f${i}`, { deploymentId: `d${i}`, createdAtMs: 100 + i }),
    );
    const queue = createMemoryQueue([...stuck, ...fine]);
    const { worker } = scene.workerOn(queue, [endpointAt(hanging, 'hanging'), endpointAt(healthy)], {
      concurrency: 4,
    });
    worker.start();
    await expect.poll(() => fine.every(({ id }) => queue.get(id).state === 'delivered')).toBe(true);
    expect(hanging.requests).toHaveLength(2);
  });
});
