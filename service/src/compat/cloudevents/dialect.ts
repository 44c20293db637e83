import { z } from 'zod';
import { nothing, type ChangeEvent, type HookDialect, type HookEvent, type Move } from '../change-event.js';
import { decodeValue } from '../decode-json.js';
import { oneLine } from '../one-line.js';
import { artifactVersion } from './artifact-version.js';
import { cloudEventsIn, type CloudEvent } from './cloud-event.js';

const CDEVENT = /^dev\.cdevents\.(service|environment)\.([a-z]+)\.\d/;

/** CDEvents tell what has happened: the new version is in place, or gone. */
const SERVICE_MOVES: Readonly<Record<string, Move>> = {
  deployed: 'finish',
  upgraded: 'finish',
  rolledback: 'undo',
  removed: 'remove',
};
const ENVIRONMENT_MOVES: Readonly<Record<string, Move>> = { modified: 'finish' };

const reference = z.object({ id: z.string().min(1), source: z.string().nullish() });

/** Data of a CDEvent about a service or an environment, as far as it is used. */
const cdEvent = z.object({
  context: z.object({ id: z.string().min(1), timestamp: z.iso.datetime({ offset: true }).nullish() }),
  subject: z.object({
    id: z.string().min(1).max(2_000),
    content: z.object({ environment: reference.nullish(), artifactId: z.string().nullish() }).nullish(),
  }),
});

/** CloudEvents that carry CDEvents: `service.deployed`, `upgraded`, `rolledback`, `removed` and `environment.modified`. */
export const cloudEvents: HookDialect = {
  decode: (message) => cloudEventsIn(message).flatMap(decodeEvent),
};

function decodeEvent(event: CloudEvent): readonly HookEvent[] {
  const [, about = '', predicate = ''] = CDEVENT.exec(event.type) ?? [];
  const moves = about === 'service' ? SERVICE_MOVES : about === 'environment' ? ENVIRONMENT_MOVES : {};
  const move = moves[predicate];
  if (move === undefined) return nothing(`"${event.type.slice(0, 200)}" tells of no deployment`);
  const { context, subject } = decodeValue(cdEvent, event.data);
  const time = event.time ?? context.timestamp;
  const change = about === 'service' ? 'code' : 'infra';
  const told: ChangeEvent = {
    kind: 'change',
    subject: {
      type: about,
      source: event.source,
      subject: subject.id,
      environment: about === 'service' ? (subject.content?.environment?.id ?? '') : subject.id,
    },
    key: JSON.stringify([event.source, event.id]),
    move,
    ...(typeof time === 'string' ? { atMs: Date.parse(time) } : {}),
    reason: 'the service was removed',
    release: {
      version: oneLine(artifactVersion(subject.content?.artifactId ?? context.id), 200) ?? 'unknown',
      change: { kind: change },
      labels: { 'cdevents/id': oneLine(context.id, 1_000) ?? 'unknown' },
      links: [],
    },
  };
  return [told];
}
