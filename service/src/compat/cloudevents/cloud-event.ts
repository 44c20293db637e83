import { z } from 'zod';
import { HookError, type HookMessage } from '../change-event.js';
import { decodeJson, decodeValue } from '../decode-json.js';

const MOST_IN_A_BATCH = 1_000;

/** A CloudEvent of version 1.0. */
export const cloudEvent = z.object({
  specversion: z.literal('1.0', { error: 'is not the version "1.0" of CloudEvents; send that' }),
  id: z.string().min(1).max(1_000),
  source: z.string().min(1).max(2_000),
  type: z.string().min(1).max(300),
  time: z.iso.datetime({ offset: true }).nullish(),
  data: z.unknown(),
});
export type CloudEvent = z.output<typeof cloudEvent>;

/**
 * The events in an HTTP message: one with its attributes in headers (binary), one as a document (structured), or several (batched).
 * @throws HookError
 */
export function cloudEventsIn({ header, body }: HookMessage): readonly CloudEvent[] {
  const type = header('content-type')?.toLowerCase() ?? '';
  if (type.startsWith('application/cloudevents-batch+json'))
    return decodeJson(z.array(cloudEvent).min(1).max(MOST_IN_A_BATCH), body);
  if (type.startsWith('application/cloudevents+json')) return [decodeJson(cloudEvent, body)];
  if (header('ce-specversion') === undefined)
    throw new HookError(
      'is no CloudEvent; send application/cloudevents+json, or the attributes as headers ce-id, ce-source, ce-type and ce-specversion',
    );
  const attributes = ['specversion', 'id', 'source', 'type', 'time'] as const;
  const given = attributes.map((name) => [name, decodedHeader(header(`ce-${name}`))]);
  return [
    decodeValue(cloudEvent, {
      ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
      data: body.length === 0 ? undefined : decodeJson(z.unknown(), body),
    }),
  ];
}

/** Header values are percent-encoded where they are not printable ASCII. */
function decodedHeader(value: string | undefined): string | undefined {
  if (value?.includes('%') !== true) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
