import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryQueue, waiting, type MemoryQueue } from './fakes/memory-queue.js';
import { createOutboxScene, endpointAt, idsAt, quickRetries, sceneSecret } from './fakes/outbox-scene.js';
import { status } from './fakes/receiver.js';
import { redelivered } from '../domain/outbox-lane.js';

const scene = createOutboxScene();
afterEach(scene.close);

const states = (queue: MemoryQueue) => queue.all().map(({ state }) => state);
const settled = (queue: MemoryQueue) =>
  expect.poll(() => states(queue).includes('waiting'), { timeout: 15_000 }).toBe(false);

describe('delivery', () => {
  it('sends the body as it is, signed so that the standardwebhooks library accepts it', async () => {
    const there = await scene.receiver();
    const queue = createMemoryQueue([waiting('m1', { body: '{"ü": 1}' })]);
    const { worker, results, log } = scene.workerOn(queue, [
      { ...endpointAt(there), previousSecrets: [`whsec_${Buffer.alloc(24, 1).toString('base64')}`] },
    ]);
    await worker.drain();
    const [request] = there.requests;
    expect(request).toMatchObject({
      method: 'POST',
      body: '{"ü": 1}',
      headers: { 'content-type': 'application/json' },
    });
    const headers = request?.headers as Record<string, string>;
    for (const one of [sceneSecret, `whsec_${Buffer.alloc(24, 1).toString('base64')}`])
      expect(new Webhook(one).verify(request?.body ?? '', headers)).toEqual({ ü: 1 });
    expect(queue.get('m1')).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(results).toMatchObject([
      { kind: 'delivered', endpoint: 'main', type: 'verdict.changed', messageId: 'm1', attempts: 1 },
    ]);
    expect(log.lines).toEqual([]);
  });

  it('loses nothing while a receiver fails for a while: every id arrives, in order, and is accepted once', async () => {
    const accepted: string[] = [];
    const there = await scene.receiver((request, response, index) => {
      const id = String(request.headers['webhook-id']);
      // Refuses, redirects, breaks the connection, asks for patience; then recovers.
      if (index < 3) status(500, {}, 'oops')(request, response, index);
      else if (index < 6) status(302, { location: 'http://127.0.0.1:1/' })(request, response, index);
      else if (index < 9) response.destroy();
      else if (index < 12) status(429, { 'retry-after': '0' })(request, response, index);
      else {
        accepted.push(id);
        response.writeHead(204).end();
      }
    });
    const messages = Array.from({ length: 40 }, (_, i) =>
      waiting(`m${String(i).padStart(2, '0')}`, { createdAtMs: i, deploymentId: `d${i % 4}` }),
    );
    const queue = createMemoryQueue(messages);
    const { worker, log } = scene.workerOn(queue, [endpointAt(there)]);
    worker.start();
    await settled(queue);
    expect(states(queue).every((state) => state === 'delivered')).toBe(true);
    expect(accepted.toSorted()).toEqual(messages.map(({ id }) => id));
    for (const deployment of ['d0', 'd1', 'd2', 'd3']) {
      const mine = accepted.filter((id) => queue.get(id).deploymentId === deployment);
      expect(mine).toEqual(mine.toSorted());
    }
    expect(log.lines).toEqual([
      'warn endpoint fails; its messages wait and are tried again',
      'info endpoint works again',
    ]);
  });

  it('never lets a later verdict overtake an earlier one that is being retried, and holds up no other deployment or endpoint', async () => {
    const stubborn = await scene.receiver((request, response, index) =>
      status(request.headers['webhook-id'] === 'first' && index < 30 ? 500 : 200)(request, response, index),
    );
    const healthy = await scene.receiver();
    const queue = createMemoryQueue([
      waiting('first', { createdAtMs: 1 }),
      waiting('second', { createdAtMs: 2 }),
      waiting('other-deployment', { createdAtMs: 3, deploymentId: 'd2' }),
      waiting('other-endpoint', { createdAtMs: 4, endpoint: 'healthy' }),
    ]);
    const { worker } = scene.workerOn(queue, [endpointAt(stubborn), endpointAt(healthy, 'healthy')]);
    worker.start();
    await expect
      .poll(() => [queue.get('other-deployment').state, queue.get('other-endpoint').state])
      .toEqual(['delivered', 'delivered']);
    expect(queue.get('first').state).toBe('waiting');
    await settled(queue);
    const ids = idsAt(stubborn).filter((id) => id !== 'other-deployment');
    expect(ids.indexOf('second')).toBe(ids.lastIndexOf('first') + 1);
    expect(queue.get('second').attempts).toBe(1);
  });

  it('sends one message of a lane at a time, and no more at once than it may', async () => {
    let [now, most] = [0, 0];
    const lanes = new Map<string, number>();
    const there = await scene.receiver((request, response) => {
      const lane = (JSON.parse(request.body) as { lane: string }).lane;
      lanes.set(lane, (lanes.get(lane) ?? 0) + 1);
      most = Math.max(most, (now += 1));
      expect(lanes.get(lane)).toBe(1);
      setTimeout(() => {
        now -= 1;
        lanes.set(lane, 0);
        response.end();
      }, 5);
    });
    const queue = createMemoryQueue(
      Array.from({ length: 60 }, (_, i) =>
        waiting(`m${i}`, {
          createdAtMs: i,
          deploymentId: `d${i % 12}`,
          body: JSON.stringify({ lane: i % 12 }),
        }),
      ),
    );
    const { worker } = scene.workerOn(queue, [endpointAt(there)], {
      concurrency: 6,
      concurrencyPerEndpoint: 3,
    });
    worker.start();
    await settled(queue);
    expect(most).toBe(3);
    expect(there.requests).toHaveLength(60);
  });

  it('notices a new message at once when woken', async () => {
    const there = await scene.receiver();
    const queue = createMemoryQueue();
    const { worker } = scene.workerOn(queue, [endpointAt(there)], { pollMs: 3_600_000 });
    worker.start();
    await worker.drain();
    queue.put(waiting('m1'));
    worker.wake();
    await expect.poll(() => queue.get('m1').state).toBe('delivered');
  });
});

describe('what a receiver can ask for', () => {
  it('410 ends the endpoint: the rest are dead letters, one warning, one request; after repair redelivery brings them back', async () => {
    const there = await scene.receiver(status(410));
    const queue = createMemoryQueue([
      waiting('m1', { createdAtMs: 1 }),
      waiting('m2', { createdAtMs: 2 }),
      waiting('m3', { createdAtMs: 3, deploymentId: undefined as never }),
    ]);
    const { worker, log } = scene.workerOn(queue, [endpointAt(there)], { concurrency: 1 });
    await worker.drain();
    expect(states(queue)).toEqual(['dead', 'dead', 'dead']);
    expect(there.requests).toHaveLength(1);
    expect(queue.get('m2').lastError).toBe('endpoint "main" answered 410 to an earlier message');
    expect(log.lines).toEqual([expect.stringMatching(/^warn endpoint answered 410/)]);

    there.answerWith(status(200));
    worker.enable('main');
    for (const message of queue.all()) queue.put(redelivered(message, Date.now()));
    await worker.drain();
    expect(states(queue)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(new Set(idsAt(there))).toEqual(new Set(['m1', 'm2', 'm3']));
  });

  it('retry-after is honoured', async () => {
    const times: number[] = [];
    const there = await scene.receiver((request, response, index) => {
      times.push(Date.now());
      status(index === 0 ? 503 : 200, { 'retry-after': '1' })(request, response, index);
    });
    const queue = createMemoryQueue([waiting('m1')]);
    const { worker } = scene.workerOn(queue, [endpointAt(there)]);
    worker.start();
    await settled(queue);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('a receiver that never recovers makes a dead letter, and its lane goes on', async () => {
    const there = await scene.receiver((request, response, index) =>
      status(request.headers['webhook-id'] === 'bad' ? 400 : 200, {}, 'no\nsuch <thing>')(
        request,
        response,
        index,
      ),
    );
    const queue = createMemoryQueue([
      waiting('bad', { createdAtMs: 1 }),
      waiting('good', { createdAtMs: 2 }),
    ]);
    const { worker, log } = scene.workerOn(queue, [endpointAt(there)], {
      retry: { ...quickRetries, maxAttempts: 3 },
    });
    worker.start();
    await settled(queue);
    expect(queue.get('bad')).toMatchObject({
      state: 'dead',
      attempts: 3,
      lastError: 'HTTP 400: no such <thing> (given up after 3 attempts)',
    });
    expect(queue.get('good').state).toBe('delivered');
    expect(log.lines).toContain('warn endpoint has dead letters; repair the cause, then redeliver them');
  });
});
