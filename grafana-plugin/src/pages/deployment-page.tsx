import { getTimeZone } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import { LoadingPlaceholder } from '@grafana/ui';
import { useParams } from 'react-router';
import { DialogHost } from '../rollback/dialog-host.js';
import { DeploymentActions } from '../rollback/deployment-actions.js';
import { Evidence } from '../verdicts/evidence.js';
import { regionOf } from '../verdicts/region.js';
import { appReader } from '../verdicts/service-client.js';
import { type Answer, useAnswer } from '../verdicts/use-answer.js';
import { TroubleAlert } from '../verdicts/trouble-alert.js';
import type { DeploymentDetail, DeploymentReport } from '../verdicts/wire.js';
import { say } from '../words/say.js';
import { AuditTrail } from './audit-trail.js';
import { DataTable } from './data-table.js';
import { useBeat } from './use-beat.js';
import { MetricPlots } from './metric-plots.js';
import { Moment } from './moment.js';

const REFRESH_EVERY_MS = 5_000;

interface Found {
  readonly detail: DeploymentDetail;
  readonly report: DeploymentReport;
}

/** Everything of one deployment: verdict and evidence, metrics with what was expected, checks, notes and the audit trail. */
export function DeploymentPage() {
  const { id = '' } = useParams();
  const { answer, trouble, retry } = useDeployment(id);
  // Of another deployment: the address has changed, and the answer is still to come.
  if (answer?.detail.id !== id)
    return (
      <PluginPage>
        {trouble === undefined ? (
          <LoadingPlaceholder text={say('panel.loading')} />
        ) : (
          <TroubleAlert trouble={trouble} onRetry={retry} />
        )}
      </PluginPage>
    );
  const { detail, report } = answer;
  const [latestVerdict] = detail.verdicts;
  const region = regionOf(
    { ...detail, ...(latestVerdict === undefined ? {} : { latestVerdict }) },
    Date.now(),
  );
  return (
    <PluginPage>
      {trouble !== undefined && <TroubleAlert trouble={trouble} onRetry={retry} />}
      <Evidence region={region} timeZone={getTimeZone()} />
      <br />
      <DialogHost onClosed={retry}>
        <DeploymentActions region={region} isOnOwnPage />
      </DialogHost>
      <br />
      <MetricPlots report={report} region={region} />
      <Checks detail={detail} />
      <Notes detail={detail} />
      <AuditTrail report={report} />
    </PluginPage>
  );
}

function useDeployment(id: string): Answer<Found> {
  const beat = useBeat(REFRESH_EVERY_MS);
  return useAnswer(`${id} ${beat}`, async () => {
    const reader = appReader();
    const [detail, report] = await Promise.all([reader.deployment(id), reader.report(id)]);
    return { detail, report };
  });
}

function Checks({ detail }: { readonly detail: DeploymentDetail }) {
  if (detail.checks.length === 0) return null;
  return (
    <DataTable
      caption={say('page.checks')}
      columns={[say('page.check'), say('column.state'), say('column.sentence')]}
      rows={detail.checks.map(({ name, state, summary, reportedAt }) => ({
        key: `${name} ${reportedAt}`,
        cells: [name, state, summary ?? ''],
      }))}
    />
  );
}

function Notes({ detail }: { readonly detail: DeploymentDetail }) {
  if (detail.notes.length === 0) return null;
  return (
    <DataTable
      caption={say('page.notes')}
      columns={[say('page.when'), say('page.note')]}
      rows={detail.notes.map(({ id, at, text }) => ({ key: id, cells: [<Moment at={at} />, text] }))}
    />
  );
}
