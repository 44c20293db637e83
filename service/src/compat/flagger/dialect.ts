import { z } from 'zod';
import {
  HookError,
  nothing,
  type ChangeEvent,
  type Gate,
  type HookDialect,
  type HookEvent,
  type HookMessage,
  type Move,
} from '../change-event.js';
import { decodeJson } from '../decode-json.js';
import { objectName } from '../kubernetes/object-name.js';
import { oneLine } from '../one-line.js';

/** Body of every Flagger webhook; it does not say of which type it is, so the address does. */
const payload = z.object({
  name: objectName,
  namespace: objectName,
  phase: z.string().default(''),
  checksum: z.string().default(''),
  metadata: z.record(z.string(), z.string()).nullish(),
});
type Payload = z.output<typeof payload>;

interface Told {
  readonly move: Move;
  readonly gate?: Gate;
}

/** What each type of webhook does. `rollback` is inverted: success makes Flagger roll back. */
const TYPES: Readonly<Record<string, Told>> = {
  'pre-rollout': { move: 'begin' },
  // Begins it too, for those who have no pre-rollout hook: each failure counts towards Flagger's threshold.
  rollout: { move: 'begin', gate: 'unless-rollback' },
  'confirm-traffic-increase': { move: 'look', gate: 'when-continue' },
  'confirm-promotion': { move: 'look', gate: 'when-continue' },
  rollback: { move: 'look', gate: 'when-rollback' },
};
const FURTHER = ['confirm-rollout', 'post-rollout', 'event'];

/** What the phases of `post-rollout` and `event` mean. */
const PHASES: Readonly<Record<string, Move>> = { Succeeded: 'finish', Failed: 'cancel' };

/** Flagger's webhooks, by type: `/hooks/<name>/pre-rollout` and so on. */
export const flagger: HookDialect = { decode };

function decode(message: HookMessage): readonly HookEvent[] {
  const { topic, body } = message;
  const known = Object.hasOwn(TYPES, topic) ? TYPES[topic] : undefined;
  if (known === undefined && !FURTHER.includes(topic))
    throw new HookError(
      `the address names no type of webhook; end it with one of /${[...Object.keys(TYPES), ...FURTHER].join(', /')}`,
    );
  const told = decodeJson(payload, body);
  // Nothing has begun that could be judged.
  if (topic === 'confirm-rollout') return nothing('a rollout may always begin');
  if (known !== undefined) return [eventOf(told, known, topic)];
  const move = PHASES[told.phase] ?? (isBeginning(told) ? 'begin' : undefined);
  if (move === undefined) return nothing(`the phase "${told.phase.slice(0, 100)}" changes nothing`);
  return [eventOf(told, { move }, topic)];
}

/** Every step of the analysis is an event of the phase Progressing; this is the first one. */
function isBeginning({ metadata }: Payload): boolean {
  return metadata?.['eventMessage']?.startsWith('New revision detected') === true;
}

function eventOf(told: Payload, { move, gate }: Told, type: string): ChangeEvent {
  const { name, namespace, phase, checksum, metadata } = told;
  const version = oneLine(metadata?.['version'], 200) ?? oneLine(checksum, 200);
  if (version === undefined)
    throw new HookError('names no version; give "version" in the metadata of the webhook', '/checksum');
  const atMs = Number(metadata?.['timestamp']);
  const previousVersion = oneLine(metadata?.['previousVersion'], 200);
  return {
    kind: 'change',
    subject: { namespace, name },
    key: JSON.stringify([namespace, name, checksum === '' ? version : checksum]),
    // An older spec that comes back has its checksum of then. Only these two are sent once, when an analysis begins.
    repeats: type === 'pre-rollout' || type === 'event' ? 'always' : 'once-ended',
    move,
    ...(type === 'event' && atMs > 0 ? { atMs } : {}),
    reason: `Flagger says ${phase === '' ? 'that it failed' : phase}`,
    ...(gate === undefined ? {} : { gate }),
    // Promoted: whatever steps the policy has after the canary begin now.
    ...(move === 'finish' ? { stepIndex: Number.MAX_SAFE_INTEGER } : {}),
    release: {
      version,
      ...(previousVersion === undefined ? {} : { previousVersion }),
      control: 'primary',
      strategy: 'canary',
      change: { kind: 'code' },
      labels: { 'flagger/canary': `${namespace}/${name}` },
      links: [],
    },
  };
}
