import { useState } from 'react';
import { undoChange } from '../../../service/src/api/annotation-query.js';
import { say } from '../words/say.js';
import { changeDashboards, type ChangeOrder, type DashboardResult } from './change-dashboards.js';
import { dashboardApi, GrafanaRefusal, type Place } from './dashboard-api.js';

export type AttachPhase =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'working'; readonly done: number; readonly of: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'previewed' | 'changed' | 'undone'; readonly results: readonly DashboardResult[] };

/** Which dashboards, and what with them. */
export interface Attaching {
  readonly folderUid: string | undefined;
  /** Part of the title, in any case; empty takes every dashboard. */
  readonly title: string;
  readonly changeFor: ChangeOrder['changeFor'];
  readonly message: string;
}

/**
 * From the preview to the change and back. Only what was previewed is changed, and only what was changed here is taken back: what others
 * did since stays.
 */
export function useAttaching(): {
  readonly phase: AttachPhase;
  readonly reset: () => void;
  readonly preview: (attaching: Attaching) => void;
  readonly carryOut: (attaching: Attaching) => void;
  readonly undo: () => void;
} {
  const [phase, setPhase] = useState<AttachPhase>({ kind: 'choosing' });
  const run = (
    kind: 'previewed' | 'changed' | 'undone',
    find: () => Promise<readonly Place[]>,
    order: ChangeOrder,
  ): void => {
    const work = async (): Promise<void> => {
      setPhase({ kind: 'working', done: 0, of: 0 });
      const places = await find();
      const results = await changeDashboards(dashboardApi, places, order, (done) =>
        setPhase({ kind: 'working', done, of: places.length }),
      );
      setPhase({ kind, results });
    };
    work().catch((error: unknown) => setPhase({ kind: 'failed', message: failureText(error) }));
  };
  const changed = 'results' in phase ? phase.results.filter(({ outcome }) => outcome === 'changed') : [];
  return {
    phase,
    reset: () => setPhase({ kind: 'choosing' }),
    preview: ({ folderUid, title, ...order }) =>
      run('previewed', () => dashboardsOf(folderUid, title), { ...order, isPreview: true }),
    carryOut: ({ changeFor, message }) =>
      run('changed', () => Promise.resolve(changed), { changeFor, message, isPreview: false }),
    undo: () => {
      const changes = new Map(changed.map(({ uid, change }) => [uid, change]));
      run('undone', () => Promise.resolve(changed), {
        isPreview: false,
        message: say('attach.message-undo'),
        changeFor: (dashboard) => {
          const change = changes.get(dashboard.uid);
          return change && undoChange(dashboard, change);
        },
      });
    },
  };
}

async function dashboardsOf(folderUid: string | undefined, title: string): Promise<readonly Place[]> {
  const wanted = title.trim().toLowerCase();
  return (await dashboardApi.dashboards(folderUid)).filter((place) =>
    place.title.toLowerCase().includes(wanted),
  );
}

/** What Grafana says when it cannot even be searched. */
export function failureText(error: unknown): string {
  if (!(error instanceof GrafanaRefusal)) return String(error);
  return error.message === '' ? say('attach.answered', { status: error.status }) : error.message;
}
