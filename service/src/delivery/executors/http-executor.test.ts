import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { startReceiver, status, type Answer, type Receiver } from '../fakes/receiver.js';
import { rollbackOrder } from '../fakes/rollback-order.js';
import { createGuardedFetch } from '../guarded-fetch.js';
import { createUrlGuard } from '../url-guard.js';
import { createHttpExecutor } from './http-executor.js';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const open: (() => Promise<void>)[] = [];
const never = new AbortController().signal;
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function scene(
  answer: Answer,
  options: { readonly allow?: readonly string[]; readonly timeoutMs?: number } = {},
) {
  const there: Receiver = await startReceiver(answer);
  const guard = createUrlGuard({ allow: options.allow ?? ['127.0.0.0/8'] });
  const guardedFetch = createGuardedFetch(guard, { timeoutMs: 5_000, maxResponseBytes: 8_192 });
  open.push(there.close, guardedFetch.close);
  const executor = createHttpExecutor(
    { kind: 'http', name: 'main', url: there.url, secret, timeoutMs: options.timeoutMs ?? 5_000 },
    guardedFetch,
    Date.now,
  );
  return { there, executor };
}

describe('the order', () => {
  it('is signed, carries the rollback id three times, and says what to roll back and why', async () => {
    const { there, executor } = await scene(status(200, {}, 'rolled back'));
    expect(await executor.execute(rollbackOrder(), never)).toEqual({
      kind: 'executed',
      detail: 'HTTP 200: rolled back',
    });
    const [request] = there.requests;
    const headers = request?.headers as Record<string, string>;
    expect(headers).toMatchObject({
      'webhook-id': 'rb-1',
      'idempotency-key': 'rb-1',
      'content-type': 'application/json',
    });
    expect(new Webhook(secret).verify(request?.body ?? '', headers)).toEqual({
      type: 'rollback.order',
      rollbackId: 'rb-1',
      reason: 'errors rose from 0.1 % to 1 %',
      automatic: true,
      requestedBy: 'p-7f3a',
      requestedAt: '2023-11-14T22:13:20.000Z',
      deployment: {
        id: 'd1',
        project: 'default',
        service: 'checkout',
        environment: 'production',
        version: '2.0.0',
        previousVersion: '1.9.0',
        strategy: 'canary',
        change: { kind: 'code', commit: 'abc123' },
        labels: { region: 'eu' },
        startedAt: '2023-11-14T21:56:40.000Z',
      },
    });
  });

  it('is the same text when it is sent again', async () => {
    const { there, executor } = await scene(status(500));
    await executor.execute(rollbackOrder(), never);
    await executor.execute(rollbackOrder(), never);
    expect(there.requests[0]?.body).toBe(there.requests[1]?.body);
  });
});

describe('the answer', () => {
  it.each([
    [200, 'executed', undefined],
    [202, 'executed', undefined],
    [204, 'executed', undefined],
    [301, 'failed', false],
    [307, 'failed', false],
    [400, 'failed', false],
    [401, 'failed', false],
    [404, 'failed', false],
    [408, 'failed', true],
    [409, 'failed', false],
    [410, 'failed', false],
    [422, 'failed', false],
    [425, 'failed', true],
    [429, 'failed', true],
    [500, 'failed', true],
    [503, 'failed', true],
  ])('%i → %s, retryable %s', async (code, kind, retryable) => {
    const { executor } = await scene(status(code, { location: '/elsewhere' }));
    expect(await executor.execute(rollbackOrder(), never)).toMatchObject(
      retryable === undefined ? { kind } : { kind, retryable },
    );
  });

  it.each([
    ['the same rollback, executed', '{"rollbackId":"rb-1","status":"executed"}', { kind: 'executed' }],
    [
      'the same rollback, at work',
      '{"rollbackId":"rb-1","status":"executing"}',
      { kind: 'failed', retryable: true },
    ],
    [
      'another rollback, executed',
      '{"rollbackId":"rb-2","status":"executed"}',
      { kind: 'failed', retryable: false },
    ],
    ['no id', '{"status":"executed"}', { kind: 'failed', retryable: false }],
    ['no JSON', 'already executed rb-1', { kind: 'failed', retryable: false }],
    ['null', 'null', { kind: 'failed', retryable: false }],
  ])('409 with %s', async (_what, body, expected) => {
    const { executor } = await scene(status(409, {}, body));
    expect(await executor.execute(rollbackOrder(), never)).toMatchObject(expected);
  });

  it('is shown shortened, on one line, without secrets', async () => {
    const { executor } = await scene(status(400, {}, `bad\n\ttoken=hunter2 ${'x'.repeat(5_000)}`));
    const result = await executor.execute(rollbackOrder(), never);
    expect(result.detail).toMatch(/^HTTP 400: bad token=\[redacted\] x+$/);
    expect(result.detail.length).toBeLessThan(520);
  });
});

describe('no answer', () => {
  it('a hanging receiver is retryable', async () => {
    const { executor } = await scene(() => undefined, { timeoutMs: 100 });
    expect(await executor.execute(rollbackOrder(), never)).toMatchObject({
      kind: 'failed',
      retryable: true,
      detail: expect.stringMatching(/^timeout: /) as unknown,
    });
  });

  it('a receiver that is away is retryable', async () => {
    const { there, executor } = await scene(status(200));
    await there.close();
    expect(await executor.execute(rollbackOrder(), never)).toMatchObject({ kind: 'failed', retryable: true });
  });

  it('a URL that the guard refuses is final and says what to do', async () => {
    const { there, executor } = await scene(status(200), { allow: [] });
    expect(await executor.execute(rollbackOrder(), never)).toMatchObject({
      kind: 'failed',
      retryable: false,
      detail: expect.stringMatching(/https-required.*outbound\.allow/) as unknown,
    });
    expect(there.requests).toHaveLength(0);
  });

  it('shutdown cuts it off, to be tried again', async () => {
    const { executor } = await scene(() => undefined);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    expect(await executor.execute(rollbackOrder(), controller.signal)).toMatchObject({
      kind: 'failed',
      retryable: true,
      detail: expect.stringMatching(/^aborted/) as unknown,
    });
  });

  it('an id that cannot be signed is final', async () => {
    const { executor } = await scene(status(200));
    expect(await executor.execute(rollbackOrder({}, { id: 'rb 1' }), never)).toMatchObject({
      kind: 'failed',
      retryable: false,
    });
  });

  it('a bad secret stops start-up', async () => {
    const guardedFetch = createGuardedFetch(createUrlGuard({ allow: [] }), {
      timeoutMs: 1,
      maxResponseBytes: 1,
    });
    open.push(guardedFetch.close);
    const config = { kind: 'http', name: 'main', url: 'https://example.com', secret: 'hush' } as const;
    expect(() => createHttpExecutor(config, guardedFetch, Date.now)).toThrow(
      /secret of executor "main" must begin with "whsec_"/,
    );
    await Promise.resolve();
  });
});
