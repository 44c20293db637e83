import { plain } from '../terminal/plain-text.js';
import { table } from '../terminal/table.js';
import type { QueryChange } from '../../api/annotation-query.js';
import type { DashboardResult } from './change-dashboards.js';

export interface Told {
  readonly results: readonly DashboardResult[];
  readonly isDryRun: boolean;
  /** Where the way back is kept; absent where there is none. */
  readonly undoFile?: string;
}

/** What became of each dashboard, for people. */
export function describeResults({ results, isDryRun, undoFile }: Told): string {
  const count = (outcome: DashboardResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  const rows = results.map((result) => [plain(result.title), result.uid, wordsFor(result, isDryRun)]);
  const changed = count('changed');
  const summary = `${changed} ${isDryRun ? 'would be changed' : 'changed'}, ${count('unchanged')} as they should be, ${count('refused')} refused.`;
  return [
    ...(rows.length === 0 ? ['There is no dashboard in it.'] : [table(['DASHBOARD', 'UID', 'RESULT'], rows)]),
    '',
    isDryRun ? `${summary} Nothing was written (--dry-run).` : summary,
    ...(undoFile === undefined || isDryRun || changed === 0
      ? []
      : [`To take it back: bellwether grafana undo ${undoFile}`]),
  ].join('\n');
}

function wordsFor({ outcome, change, reason }: DashboardResult, isDryRun: boolean): string {
  if (outcome === 'refused') return `refused: ${plain(reason ?? '')}`;
  if (change === undefined) return 'as it should be';
  return `${isDryRun ? 'would ' : ''}${changeWords(change, isDryRun)}`;
}

function changeWords({ removed, added }: QueryChange, isDryRun: boolean): string {
  const names = (list: QueryChange['added']) =>
    list.map(({ query }) => `"${plain(query.name ?? 'a query')}"`).join(', ');
  const parts = [
    ...(added.length === 0 ? [] : [`${isDryRun ? 'add' : 'added'} ${names(added)}`]),
    ...(removed.length === 0 ? [] : [`${isDryRun ? 'remove' : 'removed'} ${names(removed)}`]),
  ];
  return parts.join(', ');
}
