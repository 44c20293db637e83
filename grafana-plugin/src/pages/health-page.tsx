import { PluginPage } from '@grafana/runtime';
import { LoadingPlaceholder, Stack } from '@grafana/ui';
import { useMemo } from 'react';
import { appReader } from '../verdicts/service-client.js';
import { useAnswer } from '../verdicts/use-answer.js';
import { TroubleAlert } from '../verdicts/trouble-alert.js';
import { percent } from '../verdicts/describe-region.js';
import type { ServiceCalibration } from '../verdicts/wire.js';
import { say } from '../words/say.js';
import { DataTable } from './data-table.js';
import { HealthTable } from './health-table.js';
import { usePeriod } from './use-period.js';
import { usePeriodRegions } from './use-period-regions.js';

/** Verdicts by service over a period, how long they took, and whether the promised error rates hold. */
export function HealthPage() {
  const { days, field } = usePeriod();
  const { regions, trouble, isLoading, retry } = usePeriodRegions(days);
  const services = useMemo(
    () => [...new Set(regions.map(({ deployment }) => deployment.service))].toSorted(),
    [regions],
  );
  return (
    <PluginPage>
      <Stack>{field}</Stack>
      <br />
      {trouble !== undefined && <TroubleAlert trouble={trouble} onRetry={retry} />}
      {isLoading ? (
        <LoadingPlaceholder text={say('panel.loading')} />
      ) : (
        <>
          <HealthTable days={days} regions={regions} />
          <Calibrations services={services} />
        </>
      )}
    </PluginPage>
  );
}

function Calibrations({ services }: { readonly services: readonly string[] }) {
  const { answer, trouble } = useAnswer(services.join(), () =>
    Promise.all(services.map((service) => appReader().calibration(service))),
  );
  if (trouble !== undefined) return <TroubleAlert trouble={trouble} />;
  return (
    <DataTable
      caption={say('page.calibration')}
      columns={[
        say('column.service'),
        say('column.environment'),
        say('column.alpha'),
        say('column.fresh-rate'),
        say('column.holds'),
        say('column.labelled'),
        say('column.brier'),
      ]}
      rows={(answer ?? []).flatMap(({ service, items }) =>
        items.map((item) => ({
          key: `${service} ${item.environment}`,
          cells: calibrationCells(service, item),
        })),
      )}
    />
  );
}

function calibrationCells(
  service: string,
  { environment, alpha, freshChecks, labelled }: ServiceCalibration['items'][number],
) {
  const { rate, low, high, judged, isOff } = freshChecks;
  return [
    service,
    environment,
    percent(alpha),
    rate === undefined
      ? say('page.none-judged')
      : say('page.rate', { rate: percent(rate), low: percent(low), high: percent(high), judged }),
    rate === undefined ? '–' : isOff ? `✖ ${say('page.no')}` : `✔ ${say('page.yes')}`,
    labelled.labelled,
    labelled.brier?.toFixed(3) ?? '–',
  ];
}
