import { z } from 'zod';
import { instant, instantOut, lineOfText } from './scalars.js';
import { optional, strictObject } from './strict-object.js';

/** Body of `PUT /api/v1/controls`. */
export const setControls = strictObject({
  killSwitch: z.boolean(),
  killSwitchReason: optional(lineOfText(500)),
  freezeUntil: optional(instant),
})
  .refine((controls) => !controls.killSwitch || controls.killSwitchReason !== undefined, {
    path: ['killSwitchReason'],
    error: 'is missing; say why automatic action is stopped, others will ask',
  })
  .transform(({ freezeUntil, ...rest }) => ({
    ...rest,
    ...(freezeUntil === undefined ? {} : { freezeUntilMs: freezeUntil }),
  }))
  .meta({
    id: 'SetControls',
    description:
      'Replaces the switches of a project. While the kill switch is on or a freeze lasts nothing is rolled back automatically.',
    example: { killSwitch: true, killSwitchReason: 'network maintenance until noon' },
  });

export const controls = z
  .object({
    project: z.string(),
    killSwitch: z.boolean(),
    killSwitchReason: optional(z.string()),
    freezeUntil: optional(instantOut),
  })
  .meta({ id: 'Controls', example: { project: 'default', killSwitch: false } });

export const outboxStates = ['waiting', 'delivered', 'dead'] as const;

const outboxMessage = z
  .object({
    id: z.string(),
    endpoint: z.string(),
    type: z.string(),
    deploymentId: optional(z.string()),
    body: z.string().meta({ description: 'The JSON text that was or will be sent.' }),
    state: z.enum(outboxStates),
    attempts: z.int(),
    nextAttemptAt: instantOut,
    createdAt: instantOut,
    deliveredAt: optional(instantOut),
    lastError: optional(z.string()),
  })
  .meta({ id: 'OutboxMessage' });

/** Answer of `GET /api/v1/outbox`. */
export const outboxPage = z
  .object({ items: z.array(outboxMessage).readonly() })
  .meta({ id: 'OutboxPage', example: { items: [] } });

/** Answer of `POST /api/v1/outbox/{id}/redeliver`. */
export const redelivery = z
  .object({ id: z.string(), state: z.literal('waiting') })
  .meta({ id: 'Redelivery', example: { id: 'msg_1', state: 'waiting' } });

/** Answer of `/healthz`. */
export const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health', example: { status: 'ok' } });

const component = z
  .object({ status: z.enum(['ok', 'degraded', 'failing']), detail: z.string() })
  .meta({ id: 'Component', description: 'How one part of the server is.' });

/** Answer of `/readyz`; without a token only the status. */
export const readiness = z
  .object({
    status: z.enum(['ok', 'degraded', 'unready', 'starting', 'stopping']),
    components: optional(z.record(z.string(), component)),
  })
  .meta({
    id: 'Readiness',
    description:
      'ok and degraded come with 200: degraded says that something suffers, such as a metric source, while the rest is served.',
    example: {
      status: 'degraded',
      components: {
        store: { status: 'ok', detail: 'it answers' },
        'source:prom': {
          status: 'degraded',
          detail: 'its last request failed at 2026-01-31T12:00:00.000Z: …',
        },
      },
    },
  });

/** Body of `POST /api/v1/outbox/{id}/redeliver`: nothing, or an empty object. */
export const redeliver = strictObject({}).meta({
  id: 'Redeliver',
  description: 'Nothing is asked.',
  example: {},
});
