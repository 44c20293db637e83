import { type Dashboard, type QueryChange, withChange } from '../../../service/src/api/annotation-query.js';
import { say } from '../words/say.js';
import { type DashboardApi, GrafanaRefusal, type LoadedDashboard, type Place } from './dashboard-api.js';

/** What became of one dashboard, or would. */
export interface DashboardResult extends Place {
  readonly outcome: 'changed' | 'unchanged' | 'refused';
  /** The change that was made, or would be: with it comes the way back. */
  readonly change?: QueryChange;
  /** Why it was refused, and what to do. */
  readonly reason?: string;
}

export interface ChangeOrder {
  /** Says what would be done, and writes nothing. */
  readonly isPreview: boolean;
  /** What to change in a dashboard as it is now; undefined: nothing. */
  readonly changeFor: (dashboard: Dashboard) => QueryChange | undefined;
  /** Stands in the history of the dashboard. */
  readonly message: string;
}

/** Somebody else saves now and then; a third time in a row there is a machine behind it. */
const MOST_ATTEMPTS = 3;

/**
 * Changes one dashboard after the other. What one refuses is told of it and stops none of the others.
 * @param onResult told after each one
 */
export async function changeDashboards(
  api: Pick<DashboardApi, 'load' | 'save'>,
  places: readonly Place[],
  order: ChangeOrder,
  onResult: (done: number) => void = () => undefined,
): Promise<readonly DashboardResult[]> {
  const results: DashboardResult[] = [];
  for (const { uid, title } of places) {
    try {
      results.push({ uid, title, ...(await changeOne(api, uid, order)) });
    } catch (error) {
      if (!(error instanceof GrafanaRefusal)) throw error;
      results.push({ uid, title, outcome: 'refused', reason: reasonFor(error) });
    }
    onResult(results.length);
  }
  return results;
}

async function changeOne(
  api: Pick<DashboardApi, 'load' | 'save'>,
  uid: string,
  order: ChangeOrder,
): Promise<Omit<DashboardResult, keyof Place>> {
  for (let attempt = 1; ; attempt += 1) {
    const loaded = await api.load(uid);
    const change = order.changeFor(loaded.dashboard);
    if (change === undefined) return { outcome: 'unchanged' };
    const reason = whyNot(loaded);
    if (reason !== undefined) return { outcome: 'refused', reason };
    if (order.isPreview) return { outcome: 'changed', change };
    const saving = { ...loaded, dashboard: withChange(loaded.dashboard, change) };
    if (await isSaved(api, saving, order.message, attempt)) return { outcome: 'changed', change };
  }
}

/** @returns false when somebody saved it in between @throws GrafanaRefusal for that too, at the last attempt */
async function isSaved(
  api: Pick<DashboardApi, 'save'>,
  loaded: LoadedDashboard,
  message: string,
  attempt: number,
): Promise<boolean> {
  try {
    await api.save(loaded, message);
    return true;
  } catch (error) {
    if (!isOverrun(error) || attempt >= MOST_ATTEMPTS) throw error;
    return false;
  }
}

/** Somebody saved it between the loading and the saving: an older version is never written over a newer one. */
function isOverrun(error: unknown): boolean {
  return error instanceof GrafanaRefusal && error.code === 'version-mismatch';
}

function whyNot({ dashboard, meta }: LoadedDashboard): string | undefined {
  if (meta.provisioned === true)
    return say('attach.provisioned', { file: meta.provisionedExternalId ?? say('attach.a-file') });
  if (meta.canSave === false) return say('attach.forbidden');
  if (dashboard['elements'] !== undefined) return say('attach.new-format');
  return undefined;
}

function reasonFor(refusal: GrafanaRefusal): string {
  const { status, message } = refusal;
  const said = message === '' ? say('attach.answered', { status }) : `${message} (${status})`;
  return `${said}: ${remedyFor(refusal)}`;
}

function remedyFor(refusal: GrafanaRefusal): string {
  if (isOverrun(refusal)) return say('attach.overrun');
  switch (refusal.status) {
    case 403:
      return say('attach.forbidden');
    case 404:
      return say('attach.gone');
    case 406:
      return say('attach.new-format');
    default:
      return say('attach.again');
  }
}
