import type { DataFrame } from '@grafana/data';
import type { Region } from '../verdicts/region.js';

/** Deployments that the dashboard's annotation query already brought, without asking again; undefined where there is no such query. */
export function annotatedRegions(
  annotations: readonly DataFrame[] | undefined,
): readonly Region[] | undefined {
  const values = (annotations ?? []).flatMap(
    ({ fields }): readonly unknown[] => fields.find(({ name }) => name === 'data')?.values ?? [],
  );
  const found = values.flatMap((value) => (isOurs(value) ? value.bellwether : []));
  if (found.length === 0) return undefined;
  const byId = new Map(found.map((region) => [region.id, region]));
  return [...byId.values()].toSorted((a, b) => a.fromMs - b.fromMs);
}

function isOurs(value: unknown): value is { readonly bellwether: readonly Region[] } {
  return (
    typeof value === 'object' && value !== null && 'bellwether' in value && Array.isArray(value.bellwether)
  );
}
