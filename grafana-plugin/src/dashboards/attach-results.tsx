import { config } from '@grafana/runtime';
import { TextLink } from '@grafana/ui';
import { DataTable } from '../pages/data-table.js';
import { say } from '../words/say.js';
import type { DashboardResult } from './change-dashboards.js';

/** What became, or would become, of each dashboard. */
export function AttachResults({
  results,
  isPreview,
}: {
  readonly results: readonly DashboardResult[];
  readonly isPreview: boolean;
}) {
  const count = (outcome: DashboardResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  const counts = { changed: count('changed'), unchanged: count('unchanged'), refused: count('refused') };
  return (
    <DataTable
      caption={say(isPreview ? 'attach.summary-preview' : 'attach.summary', counts)}
      columns={[say('attach.dashboard'), say('attach.result')]}
      rows={results.map((result) => ({
        key: result.uid,
        cells: [
          <TextLink href={`${config.appSubUrl}/d/${encodeURIComponent(result.uid)}`}>
            {result.title}
          </TextLink>,
          wordsFor(result, isPreview),
        ],
      }))}
    />
  );
}

function wordsFor({ outcome, change, reason = '' }: DashboardResult, isPreview: boolean): string {
  if (outcome === 'refused') return `✖ ${say('attach.refused', { reason })}`;
  if (outcome === 'unchanged' || change === undefined) return `– ${say('attach.unchanged')}`;
  const verb = change.added.length > 0 ? 'add' : 'remove';
  const name = [...change.added, ...change.removed].map(({ query }) => `"${query.name ?? ''}"`).join(', ');
  return isPreview ? say(`attach.would-${verb}`, { name }) : `✔ ${say(`attach.did-${verb}`, { name })}`;
}
