import type { Dashboard, QueryChange } from '../../api/annotation-query.js';
import { withChange } from '../../api/annotation-query.js';
import { GrafanaRefusal, type Folder, type GrafanaApi, type LoadedDashboard } from './grafana-api.js';

/** What became of one dashboard. */
export interface DashboardResult {
  readonly uid: string;
  readonly title: string;
  readonly outcome: 'changed' | 'unchanged' | 'refused';
  /** The change that was made, or would be. */
  readonly change?: QueryChange;
  /** Why it was refused, and what to do. */
  readonly reason?: string;
}

export interface ChangeOptions {
  readonly isDryRun: boolean;
  /** What to change in a dashboard as it is now; undefined: nothing. */
  readonly changeFor: (dashboard: Dashboard) => QueryChange | undefined;
  /** Stands in the history of the dashboard. */
  readonly message: string;
  /** Told before a change is saved, so that there is a way back wherever it stops. */
  readonly beforeSave: (dashboard: Folder, change: QueryChange) => void;
}

/** Somebody else saves now and then; a third time in a row there is a machine behind it. */
const MOST_ATTEMPTS = 3;

/** Changes one dashboard after the other. What one refuses is told of it and stops none of the others. */
export async function changeDashboards(
  api: GrafanaApi,
  dashboards: readonly Folder[],
  options: ChangeOptions,
): Promise<readonly DashboardResult[]> {
  const results: DashboardResult[] = [];
  for (const { uid, title } of dashboards) {
    try {
      results.push({ uid, title, ...(await changeOne(api, uid, options)) });
    } catch (error) {
      if (!(error instanceof GrafanaRefusal)) throw error;
      results.push({ uid, title, outcome: 'refused', reason: reasonFor(error) });
    }
  }
  return results;
}

async function changeOne(
  api: GrafanaApi,
  uid: string,
  options: ChangeOptions,
): Promise<Omit<DashboardResult, 'uid' | 'title'>> {
  for (let attempt = 1; ; attempt += 1) {
    const loaded = await api.dashboard(uid);
    const change = options.changeFor(loaded.dashboard);
    if (change === undefined) return { outcome: 'unchanged' };
    const reason = whyNot(loaded);
    if (reason !== undefined) return { outcome: 'refused', reason };
    if (options.isDryRun) return { outcome: 'changed', change };
    options.beforeSave({ uid, title: loaded.dashboard.title }, change);
    const isLast = attempt >= MOST_ATTEMPTS;
    if (await isSaved(api, loaded, change, { message: options.message, isLast }))
      return { outcome: 'changed', change };
  }
}

/** @returns false when somebody saved it in between @throws GrafanaRefusal for that too, at the last attempt */
async function isSaved(
  api: GrafanaApi,
  { dashboard, meta }: LoadedDashboard,
  change: QueryChange,
  { message, isLast }: { readonly message: string; readonly isLast: boolean },
): Promise<boolean> {
  try {
    await api.save({ dashboard: withChange(dashboard, change), meta }, message);
    return true;
  } catch (error) {
    if (isLast || !(error instanceof GrafanaRefusal) || error.code !== 'version-mismatch') throw error;
    return false;
  }
}

function whyNot({ dashboard, meta }: LoadedDashboard): string | undefined {
  if (meta.provisioned === true)
    return `provisioned from ${meta.provisionedExternalId ?? 'a file'}, so that Grafana does not keep changes: add the query to that file`;
  if (meta.canSave === false)
    return 'the token may not save it: give its service account the permission Edit on the folder';
  if (dashboard['elements'] !== undefined)
    return 'saved in a newer format that this command does not write: add the query in its settings';
  return undefined;
}

function reasonFor({ status, code, message }: GrafanaRefusal): string {
  const said = message === '' ? `Grafana answered ${status}` : `${message} (${status})`;
  if (code === 'version-mismatch')
    return `${said}: somebody keeps saving it; run the command again when they are done`;
  const advice: Readonly<Record<number, string>> = {
    400: 'Grafana does not save it: is it provisioned, or its title taken?',
    403: 'give the service account of the token the permission Edit on the folder',
    404: 'it is gone, or the token may not see it',
    406: 'it is saved in a newer format that this command does not read: add the query in its settings',
    412: 'it belongs to a plugin, or its title is taken: change it there',
  };
  return `${said}: ${advice[status] ?? 'run the command again in a while'}`;
}
