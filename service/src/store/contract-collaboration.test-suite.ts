import { describe, expect, it } from 'vitest';
import type { Author, Check } from '../domain/check.js';
import type { Acknowledgement, Incident, Note } from '../domain/collaboration.js';
import type { Hold } from '../domain/hold.js';
import { aDeployment, baseMs } from './contract-fixtures.js';
import type { CurrentStore, Reopen } from './contract-subject.js';

const author: Author = { actor: 'p-1', actorRole: 'operator', person: 'p-2', personRole: 'lead' };

export function aCheck(deploymentId: string, over: Partial<Check> = {}): Check {
  return {
    ...author,
    deploymentId,
    name: 'smoke',
    kind: 'junit',
    state: 'passed',
    tests: { tests: 2, failures: 0, errors: 0, skipped: 1, failing: [] },
    firstReportedAtMs: baseMs,
    reportedAtMs: baseMs,
    revision: 1,
    ...over,
  };
}

export function aNote(id: string, deploymentId: string): Note {
  return { ...author, id, deploymentId, kind: 'lesson', text: `note ${id}`, atMs: baseMs };
}

function anIncident(id: string, deploymentId: string, url = `https://i.example/${id}`): Incident {
  return { ...author, id, deploymentId, url, title: id, atMs: baseMs };
}

function anAcknowledgement(id: string, deploymentId: string): Acknowledgement {
  return { ...author, id, deploymentId, atMs: baseMs, revision: 1 };
}

export function aHold(deploymentId: string, over: Partial<Hold> = {}): Hold {
  return { ...author, deploymentId, reason: 'incident', sinceMs: baseMs, stopsRollback: false, ...over };
}

/** Checks, notes, incidents, acknowledgements and holds. */
export function collaborationContract(current: CurrentStore, reopen: Reopen): void {
  const withDeployments = () =>
    current().transaction(async (tx) => {
      for (const id of ['d-1', 'd-2']) await tx.insertDeployment(aDeployment(id));
    });
  const conflict = { code: 'conflict' };

  describe('beside the metrics', () => {
    it('keeps the newest report of a check, one for each name and step', async () => {
      await withDeployments();
      const staged = aCheck('d-1', { stepIndex: 0 });
      await current().transaction(async (tx) => {
        await tx.putCheck(aCheck('d-1'));
        await tx.putCheck(staged);
        await tx.putCheck(aCheck('d-1', { name: 'load' }));
        await tx.putCheck(aCheck('d-2'));
      });
      const next = aCheck('d-1', { state: 'failed', revision: 2 });
      await current().transaction((tx) => tx.putCheck(next));
      await reopen();
      expect(await current().checks('d-1')).toEqual([next, staged, aCheck('d-1', { name: 'load' })]);
      expect(await current().checks('d-9')).toEqual([]);
      for (const stale of [next, aCheck('d-1'), aCheck('d-9')])
        await expect(current().transaction((tx) => tx.putCheck(stale))).rejects.toMatchObject(conflict);
    });

    it('keeps notes and incidents in order, and one incident for an address', async () => {
      await withDeployments();
      const [first, second] = [aNote('n-2', 'd-1'), aNote('n-1', 'd-1')];
      const incident = anIncident('i-1', 'd-1');
      await current().transaction(async (tx) => {
        await tx.insertNote(first);
        await tx.insertNote(second);
        await tx.insertIncident(incident);
        await tx.insertIncident(anIncident('i-2', 'd-2', incident.url));
      });
      expect(await current().notes('d-1')).toEqual([first, second]);
      expect(await current().incidents('d-1')).toEqual([incident]);
      const again = anIncident('i-3', 'd-1', incident.url);
      await expect(current().transaction((tx) => tx.insertIncident(again))).rejects.toMatchObject(conflict);
      await expect(current().transaction((tx) => tx.insertNote(first))).rejects.toMatchObject(conflict);
    });

    it('lets one person have a deployment at a time', async () => {
      await withDeployments();
      const first = anAcknowledgement('a-1', 'd-1');
      const second = anAcknowledgement('a-2', 'd-1');
      await current().transaction((tx) => tx.insertAcknowledgement(first));
      const early = current().transaction((tx) => tx.insertAcknowledgement(second));
      await expect(early).rejects.toMatchObject(conflict);
      const released = { ...first, releasedAtMs: baseMs + 1, releasedBy: 'p-9', revision: 2 };
      await current().transaction(async (tx) => {
        await tx.updateAcknowledgement(released);
        await tx.insertAcknowledgement(second);
      });
      await reopen();
      expect(await current().acknowledgements('d-1')).toEqual([released, second]);
      const stale = current().transaction((tx) => tx.updateAcknowledgement(released));
      await expect(stale).rejects.toMatchObject(conflict);
    });

    it('keeps one hold of a deployment, and finds those whose end has come', async () => {
      await withDeployments();
      await current().transaction(async (tx) => {
        await tx.setHold(aHold('d-1', { reason: 'first' }));
        await tx.setHold(aHold('d-1', { untilMs: baseMs + 2 }));
        await tx.setHold(aHold('d-2'));
      });
      await reopen();
      expect(await current().hold('d-1')).toEqual(aHold('d-1', { untilMs: baseMs + 2 }));
      expect(await current().lapsedHolds(baseMs + 1)).toEqual([]);
      expect((await current().lapsedHolds(baseMs + 2)).map((hold) => hold.deploymentId)).toEqual(['d-1']);
      await current().transaction((tx) => tx.clearHold('d-1'));
      await current().transaction((tx) => tx.clearHold('d-1'));
      expect(await current().hold('d-1')).toBeUndefined();
      await expect(current().transaction((tx) => tx.setHold(aHold('d-9')))).rejects.toMatchObject(conflict);
    });
  });
}
