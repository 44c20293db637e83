import { DashboardCursorSync, type PanelProps } from '@grafana/data';
import { PanelDataErrorView } from '@grafana/runtime';
import { EventBusPlugin, TimeSeries, TooltipPlugin2, usePanelContext, useTheme2 } from '@grafana/ui';
import { type ComponentProps, useMemo } from 'react';
import type { Region } from '../verdicts/region.js';
import type { DeploymentReport } from '../verdicts/wire.js';
import { chartFrames, drawableFrames } from './chart-frames.js';
import { ChartTooltip } from './chart-tooltip.js';
import type { PanelOptions } from './panel-options.js';
import { RegionLayer } from './region-layer.js';

/** `TooltipHoverMode.xAll`, which @grafana/ui keeps to itself: all series at the time under the pointer. */
const ALL_SERIES = 1 as ComponentProps<typeof TooltipPlugin2>['hoverMode'];
/** Wide enough for a sentence of evidence, in pixels. */
const TOOLTIP_WIDTH = 480;

interface Props extends PanelProps<PanelOptions> {
  readonly regions: readonly Region[];
  readonly chosen: Region | undefined;
  readonly report: DeploymentReport | undefined;
  readonly onChoose: (id: string) => void;
}

/** The chart itself: Grafana's own time series, with deployments drawn on it. */
export function DeploymentsChart(props: Props) {
  const { data, options, timeRange, timeZone, width, height, regions, chosen, report, onChoose } = props;
  const theme = useTheme2();
  const context = usePanelContext();
  const { showBand, showHarm, bandMetric } = options;
  const frames = useMemo(
    () =>
      chartFrames(
        drawableFrames(data.series),
        report,
        { showBand, showHarm, bandMetric },
        { theme, timeZone },
      ),
    [data.series, report, showBand, showHarm, bandMetric, theme, timeZone],
  );
  const structure = useMemo(() => frames.map(({ fields }) => fields.length).join(), [frames]);
  if (drawableFrames(data.series).length === 0)
    return (
      <PanelDataErrorView
        panelId={props.id}
        fieldConfig={props.fieldConfig}
        data={data}
        needsTimeField
        needsNumberField
      />
    );
  const sync = context.sync?.() ?? DashboardCursorSync.Off;
  return (
    <TimeSeries
      key={structure}
      frames={frames}
      {...(data.structureRev === undefined ? {} : { structureRev: data.structureRev })}
      timeRange={timeRange}
      timeZone={timeZone}
      width={width}
      height={height}
      legend={options.legend}
      options={options}
    >
      {(config, frame) => (
        <>
          <RegionLayer
            config={config}
            regions={regions}
            chosen={chosen}
            showOnset={options.showOnset}
            theme={theme}
          />
          {sync !== DashboardCursorSync.Off && (
            <EventBusPlugin config={config} eventBus={context.eventBus} frame={frame} />
          )}
          <TooltipPlugin2
            config={config}
            hoverMode={ALL_SERIES}
            clientZoom
            queryZoom={props.onChangeTimeRange}
            syncMode={sync}
            syncScope={context.eventsScope}
            maxWidth={TOOLTIP_WIDTH}
            render={(plot, dataIndexes, seriesIndex, isPinned, dismiss) => (
              <ChartTooltip
                plot={plot}
                frame={frame}
                dataIndexes={dataIndexes}
                seriesIndex={seriesIndex}
                isPinned={isPinned}
                mode={options.tooltip.mode}
                regions={regions}
                timeZone={timeZone}
                onDismiss={dismiss}
                onChoose={(id) => {
                  dismiss();
                  onChoose(id);
                }}
              />
            )}
          />
        </>
      )}
    </TimeSeries>
  );
}
