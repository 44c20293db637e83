import { describe, expect, it } from 'vitest';
import { startReceiver, status } from '../fakes/receiver.js';
import { rollbackOrder } from '../fakes/rollback-order.js';
import { createGuardedFetch } from '../guarded-fetch.js';
import { createUrlGuard } from '../url-guard.js';
import { createExecutor } from './create-executor.js';

const never = new AbortController().signal;

describe('createExecutor', () => {
  it('makes both kinds, shares one execution between simultaneous calls for one rollback, and reports it', async () => {
    const there = await startReceiver(
      (request, response, index) => void setTimeout(() => status(200)(request, response, index), 50),
    );
    const guardedFetch = createGuardedFetch(createUrlGuard({ allow: ['127.0.0.1'] }), {
      timeoutMs: 5_000,
      maxResponseBytes: 100,
    });
    const seen: string[] = [];
    const dependencies = {
      guardedFetch,
      clock: Date.now,
      onExecution: (e: {
        readonly executor: string;
        readonly rollbackId: string;
        readonly result: { readonly kind: string };
        readonly durationMs: number;
      }) => void seen.push(`${e.executor} ${e.rollbackId} ${e.result.kind} ${e.durationMs >= 0}`),
    };
    const http = createExecutor(
      {
        kind: 'http',
        name: 'remote',
        url: there.url,
        secret: `whsec_${Buffer.alloc(24, 3).toString('base64')}`,
      },
      dependencies,
    );
    const local = createExecutor(
      { kind: 'command', name: 'local', argv: [process.execPath, '-e', ''] },
      dependencies,
    );

    const [first, second] = await Promise.all([
      http.execute(rollbackOrder(), never),
      http.execute(rollbackOrder(), never),
    ]);
    expect(first).toEqual({ kind: 'executed', detail: 'HTTP 200' });
    expect(second).toBe(first);
    expect(there.requests).toHaveLength(1);
    await http.execute(rollbackOrder(), never);
    expect(there.requests).toHaveLength(2);
    await local.execute(rollbackOrder({}, { id: 'rb-2' }), never);
    expect(seen).toEqual([
      'remote rb-1 executed true',
      'remote rb-1 executed true',
      'local rb-2 executed true',
    ]);
    expect([http.name, local.name]).toEqual(['remote', 'local']);
    await guardedFetch.close();
    await there.close();
  });
});
