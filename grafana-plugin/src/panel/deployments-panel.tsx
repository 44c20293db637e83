import type { PanelProps } from '@grafana/data';
import { LoadingPlaceholder, Stack } from '@grafana/ui';
import { useCallback, useMemo, useState } from 'react';
import { DialogHost } from '../rollback/dialog-host.js';
import { TroubleAlert } from '../verdicts/trouble-alert.js';
import type { Region } from '../verdicts/region.js';
import { say } from '../words/say.js';
import { DeploymentsChart } from './deployments-chart.js';
import type { PanelOptions } from './panel-options.js';
import { RegionList } from './region-list.js';
import { useReport } from './use-report.js';
import { usePanelRegions } from './use-panel-regions.js';

/** Height of the list of deployments above the chart, in pixels: one line that scrolls sideways. */
const LIST_HEIGHT = 36;
/** Room that a message about the service takes above the chart. */
const TROUBLE_HEIGHT = 120;

/** The user's series with the deployments on them. */
export function DeploymentsPanel(props: PanelProps<PanelOptions>) {
  const { options, width, height, data } = props;
  const { regions, isLoading, trouble, scope, retry } = usePanelRegions(props);
  const [chosenId, choose] = useState<string>();
  const chosen = useMemo(() => regionInFocus(regions, chosenId), [regions, chosenId]);
  const report = useReport(chosen, options.showBand || options.showHarm);
  const open = useCallback((id: string) => choose(id), []);
  const hasSeries = data.series.some(({ length }) => length > 0);
  const above = (options.showList ? LIST_HEIGHT : 0) + (trouble === undefined ? 0 : TROUBLE_HEIGHT);
  return (
    <DialogHost onClosed={retry}>
      <div style={{ width, height, overflow: 'hidden' }} data-testid="bellwether-panel">
        {trouble !== undefined && (
          <div style={{ height: TROUBLE_HEIGHT, overflow: 'auto' }}>
            <TroubleAlert trouble={trouble} onRetry={retry} />
          </div>
        )}
        {options.showList && (
          <RegionList
            regions={regions}
            chosenId={chosen?.id}
            onChoose={choose}
            isLoading={isLoading}
            isUnknown={trouble !== undefined}
            service={scope.services.join(', ')}
            height={LIST_HEIGHT}
            timeZone={props.timeZone}
          />
        )}
        {hasSeries ? (
          <DeploymentsChart
            {...props}
            height={Math.max(80, height - above)}
            regions={regions}
            chosen={chosen}
            report={report}
            onChoose={open}
          />
        ) : (
          <Stack alignItems="center" justifyContent="center" height={`${Math.max(40, height - above)}px`}>
            {isLoading ? (
              <LoadingPlaceholder text={say('panel.loading')} />
            ) : (
              <span>{say('panel.no-series')}</span>
            )}
          </Stack>
        )}
      </div>
    </DialogHost>
  );
}

/** What somebody chose, else the newest rollback, else the newest deployment. */
function regionInFocus(regions: readonly Region[], chosenId: string | undefined): Region | undefined {
  const newest = regions.toReversed();
  return (
    newest.find(({ id }) => id === chosenId) ??
    newest.find(({ verdict }) => verdict === 'rollback') ??
    newest[0]
  );
}
