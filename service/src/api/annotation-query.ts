// The annotation query that shows deployments, and how dashboards are changed for it; both the CLI and the app in Grafana do.

/** Plugin id of the datasource that draws deployments. */
export const DATASOURCE_TYPE = 'bellwether-verdicts-datasource';

/** An annotation query of a dashboard, as far as it is looked at; everything else in it is kept. */
export interface AnnotationQuery {
  readonly name?: string;
  readonly datasource?: { readonly type?: string; readonly uid?: string } | string | null;
  readonly [field: string]: unknown;
}

/** A dashboard as Grafana's API gives it; everything that is not looked at is kept as it is. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly version: number;
  readonly annotations?: { readonly list?: readonly AnnotationQuery[]; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** A query of ours with its place in the list. */
export interface PlacedQuery {
  readonly index: number;
  readonly query: AnnotationQuery;
}

/** What was, or would be, done to a dashboard: queries taken out of its list, then queries put in. */
export interface QueryChange {
  readonly removed: readonly PlacedQuery[];
  readonly added: readonly PlacedQuery[];
}

/** Which deployments the query shows; texts may hold template variables of the dashboard. */
export interface QueryFilter {
  readonly datasourceUid: string;
  readonly service: string;
  readonly environment: string;
}

/** The annotation query that shows deployments. */
export function deploymentsQuery({ datasourceUid, service, environment }: QueryFilter): AnnotationQuery {
  return {
    name: 'Bellwether deployments',
    datasource: { type: DATASOURCE_TYPE, uid: datasourceUid },
    enable: true,
    hide: false,
    iconColor: 'blue',
    target: { refId: 'Bellwether', kind: 'annotations', service, environment },
  };
}

/** The queries of our datasource in a dashboard, with their places. */
export function ownQueries(dashboard: Dashboard): readonly PlacedQuery[] {
  return listOf(dashboard).flatMap((query, index) => (isOwn(query) ? [{ index, query }] : []));
}

/** What attaching changes; undefined when a query of ours is there already. */
export function attachChange(dashboard: Dashboard, query: AnnotationQuery): QueryChange | undefined {
  return ownQueries(dashboard).length > 0
    ? undefined
    : { removed: [], added: [{ index: listOf(dashboard).length, query }] };
}

/** What detaching changes; undefined when no query of ours is there. */
export function detachChange(dashboard: Dashboard): QueryChange | undefined {
  const removed = ownQueries(dashboard);
  return removed.length === 0 ? undefined : { removed, added: [] };
}

/**
 * What takes a change back in a dashboard as it is now: what was added and is still there as it was goes, what was removed comes back.
 * @returns undefined when nothing is left to take back
 */
export function undoChange(dashboard: Dashboard, { removed, added }: QueryChange): QueryChange | undefined {
  const present = ownQueries(dashboard);
  const gone = present.filter(({ query }) => added.some((one) => isSame(one.query, query)));
  const back = removed.filter(({ query }) => !present.some((one) => isSame(one.query, query)));
  return gone.length + back.length === 0 ? undefined : { removed: gone, added: back };
}

/** The dashboard with a change made to it; nothing else in it is touched. */
export function withChange(dashboard: Dashboard, { removed, added }: QueryChange): Dashboard {
  const list = listOf(dashboard).filter((_query, index) => !removed.some((one) => one.index === index));
  for (const { index, query } of added) list.splice(Math.min(index, list.length), 0, query);
  return { ...dashboard, annotations: { ...dashboard.annotations, list } };
}

function listOf({ annotations }: Dashboard): AnnotationQuery[] {
  return [...(annotations?.list ?? [])];
}

function isOwn({ datasource }: AnnotationQuery): boolean {
  return typeof datasource === 'object' && datasource?.type === DATASOURCE_TYPE;
}

function isSame(one: AnnotationQuery, other: AnnotationQuery): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** Grafana may write keys in another order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
