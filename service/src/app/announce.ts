import type { Deployment, Place } from '../domain/deployment.js';
import type { Transaction } from '../store/port.js';
import type { AppContext } from './context.js';

/** Webhooks carry at most this much (Standard Webhooks asks for less than 20 kB). */
const MAX_BODY_BYTES = 19_000;
/** Lists of an event that are shortened, longest use last, until the body fits. */
const SHORTENED = ['metrics', 'reasons', 'stillNeeded', 'checks'] as const;

/** Dotted names of what webhooks tell. */
export const EVENT_TYPES = [
  'deployment.started',
  'deployment.finished',
  'deployment.cancelled',
  'verdict.changed',
  'rollback.requested',
  'rollback.executed',
  'rollback.failed',
  'check.reported',
  'deployment.held',
  'deployment.proceeded',
  'deployment.acknowledged',
  'note.added',
  'incident.linked',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/**
 * Queues one message for every endpoint that wants this type, inside the transaction that makes it true.
 * @param data the event's payload; its lists are shortened when the body would be too big, and `truncated` says so
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
    if (!isCovered(endpoint.scope, deployment)) continue;
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

function isCovered(scope: Place | undefined, deployment: Place): boolean {
  return (['project', 'service', 'environment'] as const).every(
    (field) => scope === undefined || scope[field] === '*' || scope[field] === deployment[field],
  );
}

function fit(message: {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}): string {
  let { data } = message;
  const body = (): string => JSON.stringify({ ...message, data });
  for (const name of SHORTENED)
    while (Buffer.byteLength(body()) > MAX_BODY_BYTES && lengthOf(data[name]) > 0)
      data = { ...data, [name]: half(data[name]), truncated: true };
  return body();
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

function half(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list.slice(0, Math.floor(list.length / 2)) : [];
}
