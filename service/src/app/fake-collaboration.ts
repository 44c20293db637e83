import type { Author, Check } from '../domain/check.js';
import {
  NO_COLLABORATION,
  type Acknowledgement,
  type Collaboration,
  type Incident,
  type Note,
} from '../domain/collaboration.js';
import type { Permission } from '../domain/authorise.js';
import type { Deployment } from '../domain/deployment.js';
import type { Hold } from '../domain/hold.js';
import type { Verdict } from '../domain/verdict.js';
import { createVerdictFeed } from './verdict-feed.js';
import { AppError, type Caller, type HoldView, type UseCases } from './use-cases.js';

type Found = (
  caller: Caller,
  permission: Permission,
  id: string,
) => { readonly deployment: Deployment; readonly verdict: Verdict };

type Beside =
  | 'reportCheck'
  | 'viewChecks'
  | 'hold'
  | 'proceed'
  | 'acknowledge'
  | 'addNote'
  | 'linkIncident'
  | 'onActivity';

type BesideUseCases = {
  [Name in Beside]: (...args: Parameters<UseCases[Name]>) => Awaited<ReturnType<UseCases[Name]>>;
};

const author: Author = { actor: 'person-1', actorRole: 'operator' };

/** What people and pipelines say of a deployment, over a plain map. */
export function createFakeCollaboration(
  clock: () => number,
  found: Found,
): { readonly of: (id: string) => Collaboration; readonly useCases: BesideUseCases } {
  const known = new Map<string, Collaboration>();
  const feed = createVerdictFeed();
  const of = (id: string): Collaboration => known.get(id) ?? NO_COLLABORATION;
  const change = (id: string, type: string, next: Collaboration, data: object): void => {
    known.set(id, next);
    feed.publishActivity({ deploymentId: id, type, atMs: clock(), data: { ...data } });
  };
  const holdView = (id: string, at: ReturnType<Found>): HoldView => {
    const { hold } = of(id);
    return { ...at, ...(hold === undefined ? {} : { hold }) };
  };
  const stamp = (id: string) => ({ ...author, deploymentId: id, atMs: clock() });

  return {
    of,
    useCases: {
      reportCheck: (caller, id, { by, step, ...report }) => {
        found(caller, 'deploy', id);
        const times = { firstReportedAtMs: clock(), reportedAtMs: clock() };
        const check: Check = { ...report, ...author, ...times, deploymentId: id, revision: 1 };
        change(id, 'check.reported', { ...of(id), checks: [...of(id).checks, check] }, { name: check.name });
        return check;
      },
      viewChecks: (caller, id) => {
        const { deployment } = found(caller, 'read', id);
        const required = [{ name: 'smoke', onFailure: 'rollback', standing: 'missing' }] as const;
        return { deployment, checks: of(id).checks, required };
      },
      hold: (caller, id, { by, ...request }) => {
        const at = found(caller, 'override', id);
        const hold: Hold = { ...request, ...author, deploymentId: id, sinceMs: clock() };
        change(id, 'deployment.held', { ...of(id), hold }, { reason: hold.reason });
        return holdView(id, at);
      },
      proceed: (caller, id, { reason }) => {
        const at = found(caller, 'override', id);
        const { hold, ...rest } = of(id);
        if (hold === undefined) throw new AppError('conflict', 'nobody holds this deployment');
        change(id, 'deployment.proceeded', rest, { reason });
        return holdView(id, at);
      },
      acknowledge: (caller, id, { by, release, ...request }) => {
        found(caller, 'override', id);
        const taken: Acknowledgement = { ...request, ...stamp(id), id: 'ack-1', revision: 1 };
        const one = release ? { ...taken, releasedAtMs: clock(), releasedBy: author.actor } : taken;
        change(id, 'deployment.acknowledged', { ...of(id), acknowledgements: [one] }, { release });
        return one;
      },
      addNote: (caller, id, { by, ...request }) => {
        found(caller, 'deploy', id);
        const note: Note = { ...request, ...stamp(id), id: `note-${of(id).notes.length + 1}` };
        change(id, 'note.added', { ...of(id), notes: [...of(id).notes, note] }, { text: note.text });
        return note;
      },
      linkIncident: (caller, id, { by, ...request }) => {
        found(caller, 'deploy', id);
        const incident: Incident = { ...request, ...stamp(id), id: `inc-${of(id).incidents.length + 1}` };
        const incidents = [...of(id).incidents, incident];
        change(id, 'incident.linked', { ...of(id), incidents }, { url: incident.url });
        return incident;
      },
      onActivity: (caller, id, listener) => {
        found(caller, 'read', id);
        return feed.listenActivity(id, listener);
      },
    },
  };
}
