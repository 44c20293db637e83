import type { DeploymentReport } from '../verdicts/wire.js';
import { say } from '../words/say.js';
import { DataTable } from './data-table.js';
import { Moment } from './moment.js';

/** Who did what, how they proved who they are, and why. */
export function AuditTrail({ report: { audit, people } }: { readonly report: DeploymentReport }) {
  return (
    <DataTable
      caption={say('page.audit')}
      columns={[say('page.when'), say('page.who'), say('page.proof'), say('page.what'), say('page.detail')]}
      rows={audit
        .toSorted((a, b) => b.sequence - a.sequence)
        .map(({ sequence, at, actor, authentication, action, detail }) => ({
          key: String(sequence),
          cells: [<Moment at={at} />, people[actor] ?? actor, authentication, action, detailText(detail)],
        }))}
    />
  );
}

function detailText(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ');
}
