import {
  type DataFrame,
  type Field,
  FieldType,
  getDisplayProcessor,
  type GrafanaTheme2,
} from '@grafana/data';
import {
  AxisPlacement,
  GraphDrawStyle,
  type GraphFieldConfig,
  LineInterpolation,
  VisibilityMode,
  type TimeZone,
} from '@grafana/schema';
import { bandOf } from '../verdicts/band.js';
import type { DeploymentReport, ReportPlot } from '../verdicts/wire.js';
import { say } from '../words/say.js';

/** How lines are told to draw themselves: dates and numbers in the theme and time zone of the panel. */
export interface FrameContext {
  readonly theme: GrafanaTheme2;
  readonly timeZone: TimeZone;
}

const plain: GraphFieldConfig = {
  drawStyle: GraphDrawStyle.Line,
  lineInterpolation: LineInterpolation.Linear,
  lineWidth: 1,
  fillOpacity: 0,
  showPoints: VisibilityMode.Never,
  spanNulls: false,
  hideFrom: { legend: false, tooltip: false, viz: false },
};
const unlisted = { legend: true, tooltip: true, viz: false };

/** The metric whose expectation is drawn: the one asked for, else one named like a series, else the first; undefined where units differ. */
export function plotToDraw(
  plots: readonly ReportPlot[],
  metric: string,
  seriesNames: readonly string[],
): ReportPlot | undefined {
  if (metric !== '') return plots.find(({ name }) => name === metric);
  return plots.find(({ name }) =>
    seriesNames.some((series) => series === name || series.startsWith(`${name} `)),
  );
}

/** Expectation and band as a frame that `TimeSeries` fills between. */
export function bandFrame(plot: ReportPlot, context: FrameContext): DataFrame {
  const { timesMs, expected, low, high } = bandOf(plot);
  const [lowName, highName] = [say('series.low'), say('series.high')];
  const grey = context.theme.colors.text.secondary;
  const line = (name: string, values: readonly (number | null)[], custom: GraphFieldConfig): Field =>
    displayed(
      { name, type: FieldType.number, config: fixed(grey, plot.unit, custom), values: [...values] },
      context,
    );
  return {
    refId: 'bellwether-band',
    length: timesMs.length,
    fields: [
      { name: 'time', type: FieldType.time, config: {}, values: [...timesMs] },
      line(say('series.expected'), expected, { ...plain, lineStyle: { fill: 'dash', dash: [8, 6] } }),
      line(highName, high, {
        ...plain,
        lineWidth: 0,
        fillBelowTo: lowName,
        fillOpacity: 18,
        hideFrom: unlisted,
      }),
      line(lowName, low, { ...plain, lineWidth: 0, hideFrom: unlisted }),
    ],
  };
}

/** Probability of harm after each look, on an axis of its own at the right. */
export function harmFrame(ticks: DeploymentReport['ticks'], context: FrameContext): DataFrame {
  const field: Field = {
    name: say('series.harm'),
    type: FieldType.number,
    config: {
      ...fixed(context.theme.visualization.getColorByName('purple'), 'percentunit', {
        ...plain,
        lineWidth: 2,
        lineInterpolation: LineInterpolation.StepAfter,
        axisPlacement: AxisPlacement.Right,
        axisLabel: say('series.harm'),
      }),
      min: 0,
      max: 1,
    },
    values: ticks.map(({ harmProbability }) => harmProbability),
  };
  return {
    refId: 'bellwether-harm',
    length: ticks.length,
    fields: [
      { name: 'time', type: FieldType.time, config: {}, values: ticks.map(({ at }) => Date.parse(at)) },
      displayed(field, context),
    ],
  };
}

function fixed(color: string, unit: string, custom: GraphFieldConfig): Field['config'] {
  return { unit: grafanaUnit(unit), color: { mode: 'fixed', fixedColor: color }, custom };
}

/** Units that policies use, by the names that Grafana knows them by. */
export function grafanaUnit(unit: string): string {
  const known: Readonly<Record<string, string>> = {
    ratio: 'percentunit',
    bytes: 'bytes',
    seconds: 's',
    milliseconds: 'ms',
  };
  return known[unit] ?? unit;
}

function displayed(field: Field, { theme, timeZone }: FrameContext): Field {
  return { ...field, display: getDisplayProcessor({ field, theme, timeZone }) };
}
