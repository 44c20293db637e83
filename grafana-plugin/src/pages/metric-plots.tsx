import { css } from '@emotion/css';
import {
  applyFieldOverrides,
  type DataFrame,
  dateTime,
  FieldType,
  getDisplayProcessor,
  getTimeZone,
  type GrafanaTheme2,
  type TimeRange,
} from '@grafana/data';
import { LegendDisplayMode, TimeSeries, useStyles2, useTheme2 } from '@grafana/ui';
import { useMemo, useRef, useState, useLayoutEffect } from 'react';
import { bandFrame, grafanaUnit, type FrameContext } from '../panel/expectation-frames.js';
import { RegionLayer } from '../panel/region-layer.js';
import type { Region } from '../verdicts/region.js';
import type { DeploymentReport, ReportPlot } from '../verdicts/wire.js';
import { say } from '../words/say.js';

const PLOT_HEIGHT = 220;
/** Room before the first value, as a share of what is shown. */
const MARGIN = 0.1;

/** What was measured of each metric against what was expected, with the deployment on it. */
export function MetricPlots({
  report,
  region,
}: {
  readonly report: DeploymentReport;
  readonly region: Region;
}) {
  const styles = useStyles2(getStyles);
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const plots = report.evidence?.plots ?? [];
  return (
    <section ref={frame} aria-label={say('page.metrics')}>
      {plots.length === 0 && <p>{say('page.no-evidence')}</p>}
      {width > 0 &&
        plots.map((plot) => (
          <figure key={plot.name} className={styles.plot}>
            <figcaption>{plot.name}</figcaption>
            <MetricPlot plot={plot} region={region} width={width} />
          </figure>
        ))}
    </section>
  );
}

function MetricPlot({
  plot,
  region,
  width,
}: {
  readonly plot: ReportPlot;
  readonly region: Region;
  readonly width: number;
}) {
  const theme = useTheme2();
  const timeZone = getTimeZone();
  const frames = useMemo(() => plotFrames(plot, { theme, timeZone }), [plot, theme, timeZone]);
  const regions = useMemo(() => [region], [region]);
  return (
    <TimeSeries
      frames={frames}
      timeRange={rangeOf(plot, region)}
      timeZone={timeZone}
      width={width}
      height={PLOT_HEIGHT}
      legend={{ displayMode: LegendDisplayMode.List, placement: 'bottom', showLegend: true, calcs: [] }}
    >
      {(config) => <RegionLayer config={config} regions={regions} chosen={region} showOnset theme={theme} />}
    </TimeSeries>
  );
}

function plotFrames(plot: ReportPlot, context: FrameContext): DataFrame[] {
  const band = bandFrame(plot, context);
  const times = band.fields[0]?.values ?? [];
  const measured: DataFrame = {
    length: times.length,
    fields: [
      { name: 'time', type: FieldType.time, config: {}, values: times },
      {
        name: say('series.measured'),
        type: FieldType.number,
        config: {
          unit: grafanaUnit(plot.unit),
          color: { mode: 'fixed', fixedColor: 'blue' },
          custom: { lineWidth: 2 },
        },
        values: times.map((_, index) => plot.live[index] ?? null),
      },
    ],
  };
  const shown = applyFieldOverrides({
    data: [measured],
    fieldConfig: { defaults: {}, overrides: [] },
    replaceVariables: (text) => text,
    theme: context.theme,
    timeZone: context.timeZone,
  });
  for (const { fields } of shown)
    for (const field of fields) field.display ??= getDisplayProcessor({ field, ...context });
  return [...shown, band];
}

/** From the first thing that is known to the end: an arm that began with the deployment has no past to show. */
function rangeOf(plot: ReportPlot, region: Region): TimeRange {
  const beganMs = Date.parse(plot.from);
  const endMs = beganMs + plot.live.length * plot.intervalMs;
  const known = plot.live.findIndex((value, index) => (value ?? plot.expected[index] ?? null) !== null);
  const firstMs = Math.min(beganMs + Math.max(known, 0) * plot.intervalMs, region.fromMs);
  const [from, to] = [dateTime(Math.max(beganMs, firstMs - MARGIN * (endMs - firstMs))), dateTime(endMs)];
  return { from, to, raw: { from, to } };
}

function getStyles(theme: GrafanaTheme2) {
  return {
    plot: css({
      marginBottom: theme.spacing(2),
      figcaption: { fontWeight: theme.typography.fontWeightMedium },
    }),
  };
}
