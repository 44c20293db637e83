import type { ScopedVars } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import type { RegionFilter } from '../verdicts/find-regions.js';
import type { VerdictQuery } from './verdict-query.js';

/** A query with its variables filled in. */
export interface FilledQuery extends RegionFilter {
  readonly metric: string;
}

/** Fills in template variables, of which each may hold several values; "All" leaves a field open. */
export function fillQuery(query: VerdictQuery, scopedVars: ScopedVars = {}): FilledQuery {
  const values = (text: string | undefined): readonly string[] => splitValues(fill(text ?? '', scopedVars));
  return {
    services: values(query.service),
    environments: values(query.environment),
    verdicts: (query.verdicts ?? []).flatMap(values),
    label: fill(query.label ?? '', scopedVars).trim(),
    metric: fill(query.metric ?? '', scopedVars).trim(),
  };
}

function fill(text: string, scopedVars: ScopedVars): string {
  return getTemplateSrv().replace(text, scopedVars, 'csv');
}

/** "All" without a list of its own is written `$__all`; a variable that the dashboard lacks stays as it was typed. */
function splitValues(text: string): readonly string[] {
  const values = text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  return values.includes('$__all') || values.includes('*') ? [] : values;
}
