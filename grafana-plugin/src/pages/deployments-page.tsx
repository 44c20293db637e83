import { config, PluginPage } from '@grafana/runtime';
import { Combobox, EmptyState, FilterInput, LoadingPlaceholder, Stack, TextLink } from '@grafana/ui';
import { useId, useState } from 'react';
import { changeLine, sentenceOf } from '../verdicts/describe-region.js';
import type { Region } from '../verdicts/region.js';
import { APP_ID } from '../verdicts/service-client.js';
import { TroubleAlert } from '../verdicts/trouble-alert.js';
import { VerdictBadge } from '../verdicts/verdict-badge.js';
import { verdictLook } from '../verdicts/verdict-look.js';
import { say } from '../words/say.js';
import { DataTable } from './data-table.js';
import { Moment } from './moment.js';
import { usePeriod } from './use-period.js';
import { usePeriodRegions } from './use-period-regions.js';

const verdicts = ['', 'pending', 'continue', 'rollback', 'inconclusive', 'superseded', 'cancelled'].map(
  (value) => ({
    value,
    label: value === '' ? say('page.all-verdicts') : `${verdictLook(value).sign} ${verdictLook(value).word}`,
  }),
);

/** Deployments of a period with their verdicts, followed live. */
export function DeploymentsPage() {
  const [text, setText] = useState('');
  const [verdict, setVerdict] = useState('');
  const verdictId = useId();
  const { days, field } = usePeriod();
  const { regions, trouble, isLoading, truncated, retry } = usePeriodRegions(days);
  const shown = regions.filter(
    (region) => (verdict === '' || region.verdict === verdict) && matches(region, text),
  );
  return (
    <PluginPage>
      <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
        <FilterInput
          value={text}
          onChange={setText}
          placeholder={say('page.search')}
          escapeRegex={false}
          width={40}
        />
        <label htmlFor={verdictId}>{say('query.verdicts')}</label>
        <Combobox
          id={verdictId}
          options={verdicts}
          value={verdict}
          width={24}
          onChange={({ value }) => setVerdict(value)}
        />
        {field}
      </Stack>
      <br />
      {trouble !== undefined && <TroubleAlert trouble={trouble} onRetry={retry} />}
      {isLoading && <LoadingPlaceholder text={say('panel.loading')} />}
      {!isLoading && trouble === undefined && shown.length === 0 && (
        <EmptyState variant="not-found" message={say('page.none')} />
      )}
      {shown.length > 0 && (
        <DataTable
          caption={say('page.count', { count: shown.length, more: truncated ? '+' : '' })}
          columns={[
            say('column.started'),
            say('column.verdict'),
            say('page.deployment'),
            say('column.sentence'),
            say('column.state'),
          ]}
          rows={shown.toReversed().map((region) => ({ key: region.id, cells: cellsOf(region) }))}
        />
      )}
    </PluginPage>
  );
}

function cellsOf(region: Region) {
  return [
    <Moment at={region.fromMs} />,
    <VerdictBadge region={region} />,
    <TextLink href={`${config.appSubUrl}/a/${APP_ID}/deployments/${encodeURIComponent(region.id)}`}>
      {changeLine(region)}
    </TextLink>,
    sentenceOf(region.deployment.latestVerdict),
    region.deployment.state,
  ];
}

/** Every word must occur somewhere in what names a deployment. */
function matches({ deployment }: Region, text: string): boolean {
  const { service, environment, version, labels, change } = deployment;
  const named = [
    service,
    environment,
    version,
    ...Object.values(labels),
    change.commit,
    change.ticket,
    change.summary,
  ]
    .join(' ')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => named.includes(word));
}
