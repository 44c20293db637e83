import { createHash } from 'node:crypto';
import type { Incident, Note, NoteKind } from '../../domain/collaboration.js';
import type { AppContext } from '../context.js';
import { presentIncident, presentNote } from '../present-collaboration.js';
import { AppError, type Caller, type StatedPerson } from '../use-cases.js';
import { authorOf, personOf } from './author-of.js';
import { changeBeside, type Change } from './change-beside.js';

const MOST_NOTES = 500;
const MOST_INCIDENTS = 50;
/** Characters of a note that webhooks carry; four bytes each still fit. */
const TOLD_CHARACTERS = 1_000;

/** Writes a note or a lesson down, in any state: lessons are learned afterwards. @throws AppError `conflict` when there are too many */
export function addNote(
  ctx: AppContext,
  caller: Caller,
  id: string,
  request: { readonly kind: NoteKind; readonly text: string; readonly by?: StatedPerson },
): Promise<Note> {
  return changeBeside(ctx, caller, 'deploy', id, async (tx): Promise<Change<Note>> => {
    if ((await tx.notes(id)).length >= MOST_NOTES)
      throw new AppError('conflict', `a deployment takes at most ${MOST_NOTES} notes`, {
        remedy: 'go on where the incident is worked on, and link it (POST …/incidents)',
      });
    const { kind, text } = request;
    const author = await authorOf(tx, caller, request.by);
    const note: Note = { id: ctx.newId(), deploymentId: id, kind, text, ...author, atMs: ctx.clock() };
    await tx.insertNote(note);
    // The text itself stays out of the chain, where it could never be deleted; its hash shows a later change.
    const sha256 = createHash('sha256').update(text).digest('hex');
    return {
      result: note,
      told: {
        action: 'note.add',
        detail: { note: note.id, kind, sha256, ...personOf(note) },
        event: 'note.added',
        data: { ...presentNote(note), text: excerpt(text), truncated: excerpt(text) !== text },
      },
    };
  });
}

function excerpt(text: string): string {
  return text.length <= TOLD_CHARACTERS ? text : text.slice(0, TOLD_CHARACTERS).replace(/\p{Cs}$/u, '');
}

/** Links where an incident is worked on; the address is shown, never fetched. @throws AppError `conflict` for one linked already */
export function linkIncident(
  ctx: AppContext,
  caller: Caller,
  id: string,
  request: { readonly url: string; readonly title: string; readonly by?: StatedPerson },
): Promise<Incident> {
  return changeBeside(ctx, caller, 'deploy', id, async (tx): Promise<Change<Incident>> => {
    const known = await tx.incidents(id);
    const { url, title } = request;
    if (known.some((one) => one.url === url))
      throw new AppError('conflict', 'this address is linked already', {
        field: '/url',
        remedy: 'nothing is left to do',
      });
    if (known.length >= MOST_INCIDENTS)
      throw new AppError('conflict', `a deployment takes at most ${MOST_INCIDENTS} incident links`, {
        remedy: 'link the one where the others are tracked',
      });
    const author = await authorOf(tx, caller, request.by);
    const incident: Incident = {
      id: ctx.newId(),
      deploymentId: id,
      url,
      title,
      ...author,
      atMs: ctx.clock(),
    };
    await tx.insertIncident(incident);
    return {
      result: incident,
      told: {
        action: 'incident.link',
        detail: { incident: incident.id, url, title, ...personOf(incident) },
        event: 'incident.linked',
        data: presentIncident(incident),
      },
    };
  });
}
