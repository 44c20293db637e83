import { type DataFrame, FieldType, getFieldDisplayName } from '@grafana/data';
import type { DeploymentReport } from '../verdicts/wire.js';
import { bandFrame, type FrameContext, harmFrame, plotToDraw } from './expectation-frames.js';
import type { PanelOptions } from './panel-options.js';

/** Frames that a time series can be drawn of: one field of times, at least one of numbers. */
export function drawableFrames(series: readonly DataFrame[]): readonly DataFrame[] {
  return series.filter(
    ({ fields, length }) =>
      length > 0 &&
      fields.some(({ type }) => type === FieldType.time) &&
      fields.some(({ type }) => type === FieldType.number),
  );
}

/** The user's series first, so that their colours are those of the core panel, then what the report adds. */
export function chartFrames(
  series: readonly DataFrame[],
  report: DeploymentReport | undefined,
  options: Pick<PanelOptions, 'showBand' | 'showHarm' | 'bandMetric'>,
  context: FrameContext,
): DataFrame[] {
  const plots = options.showBand ? (report?.evidence?.plots ?? []) : [];
  const plot = plots.length === 0 ? undefined : plotToDraw(plots, options.bandMetric, seriesNames(series));
  const ticks = options.showHarm ? (report?.ticks ?? []) : [];
  return [
    ...series,
    ...(plot === undefined ? [] : [bandFrame(plot, context)]),
    ...(ticks.length === 0 ? [] : [harmFrame(ticks, context)]),
  ];
}

/** As the legend names them. Names depend on all frames, so that this takes its time with many. */
function seriesNames(series: readonly DataFrame[]): readonly string[] {
  const all = [...series];
  return series.flatMap((frame) =>
    frame.fields
      .filter(({ type }) => type === FieldType.number)
      .map((field) => getFieldDisplayName(field, frame, all)),
  );
}
