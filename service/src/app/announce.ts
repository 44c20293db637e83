import type { Deployment } from '../domain/deployment.js';
import type { Transaction } from '../store/port.js';
import type { AppContext } from './context.js';

/** Webhooks carry at most this much (Standard Webhooks asks for less than 20 kB). */
const MAX_BODY_BYTES = 19_000;

/** Dotted names of what webhooks tell. */
export type EventType =
  | 'deployment.started'
  | 'deployment.finished'
  | 'deployment.cancelled'
  | 'verdict.changed'
  | 'rollback.requested'
  | 'rollback.executed'
  | 'rollback.failed';

/**
 * Queues one message for every endpoint that wants this type, inside the transaction that makes it true.
 * @param data the event's payload; its `metrics` list is shortened when the body would be too big
 */
export async function announce(
  ctx: AppContext,
  tx: Transaction,
  type: EventType,
  deployment: Deployment,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const nowMs = ctx.clock();
  const body = fit({ type, timestamp: new Date(nowMs).toISOString(), data });
  for (const endpoint of ctx.endpoints) {
    if (endpoint.events.length > 0 && !endpoint.events.includes(type)) continue;
    await tx.enqueue({
      id: `msg_${ctx.newId()}`,
      endpoint: endpoint.name,
      type,
      deploymentId: deployment.id,
      body,
      createdAtMs: nowMs,
    });
  }
}

function fit(message: {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}): string {
  let metrics = Array.isArray(message.data['metrics']) ? (message.data['metrics'] as readonly unknown[]) : [];
  let body = JSON.stringify(message);
  while (Buffer.byteLength(body) > MAX_BODY_BYTES && metrics.length > 0) {
    metrics = metrics.slice(0, Math.floor(metrics.length / 2));
    body = JSON.stringify({ ...message, data: { ...message.data, metrics, metricsTruncated: true } });
  }
  return body;
}
