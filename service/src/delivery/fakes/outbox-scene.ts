import { createGuardedFetch } from '../guarded-fetch.js';
import { createOutboxWorker, type DeliveryResult, type OutboxWorkerOptions } from '../outbox.js';
import type { OutboxQueue, WebhookEndpoint } from '../port.js';
import { createUrlGuard } from '../url-guard.js';
import { startReceiver, type Answer, type Receiver } from './receiver.js';
import { createRecordingLog } from './recording-log.js';

export const sceneSecret = `whsec_${Buffer.alloc(32, 42).toString('base64')}`;
/** Retries within milliseconds, so that tests see many of them. */
export const quickRetries = {
  baseMs: 10,
  factor: 2,
  capMs: 40,
  floorMs: 5,
  retryAfterCapMs: 2_000,
  maxAttempts: 50,
};

/** An endpoint that stands for a receiver on loopback. */
export const endpointAt = (there: Receiver, name = 'main'): WebhookEndpoint => ({
  name,
  url: there.url,
  secret: sceneSecret,
  events: [],
});

/** The ids that a receiver got, in order. */
export const idsAt = (there: Receiver) => there.requests.map(({ headers }) => headers['webhook-id']);

/** Real receivers and real workers for one test; `close` ends them all. */
export function createOutboxScene() {
  const open: (() => Promise<void>)[] = [];
  return {
    receiver: async (answer?: Answer): Promise<Receiver> => {
      const started = await startReceiver(answer);
      open.push(started.close);
      return started;
    },
    workerOn: (
      queue: OutboxQueue,
      endpoints: readonly WebhookEndpoint[],
      more: Partial<OutboxWorkerOptions> = {},
    ) => {
      const log = createRecordingLog();
      const results: DeliveryResult[] = [];
      const guard = createUrlGuard({ allow: ['127.0.0.0/8'] });
      const guardedFetch = createGuardedFetch(guard, { timeoutMs: 10_000, maxResponseBytes: 1_000 });
      const worker = createOutboxWorker({
        queue,
        endpoints,
        guardedFetch,
        clock: Date.now,
        random: () => 0.5,
        log,
        onResult: (result) => results.push(result),
        retry: quickRetries,
        pollMs: 5,
        settleRetryMs: 5,
        ...more,
      });
      open.push(guardedFetch.close, () => worker.stop(100));
      return { worker, log, results };
    },
    close: async (): Promise<void> => {
      for (const close of open.splice(0).reverse()) await close();
    },
  };
}
