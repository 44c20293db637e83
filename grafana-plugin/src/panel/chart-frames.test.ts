import { createTheme, type DataFrame, FieldType } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import type { DeploymentReport, ReportPlot } from '../verdicts/wire.js';
import { annotatedRegions } from './annotated-regions.js';
import { chartFrames, drawableFrames } from './chart-frames.js';
import { plotToDraw } from './expectation-frames.js';
import { region } from '../verdicts/region.test-support.js';

const plot: ReportPlot = {
  name: 'error ratio',
  unit: 'ratio',
  from: '2026-01-31T12:00:00.000Z',
  intervalMs: 1_000,
  live: [0.1, null, 0.3],
  expected: [0.1, 0.1],
  low: [0, 0, 0],
  high: [0.2, 0.2, 0.2],
};
const report: DeploymentReport = {
  schema: 'bellwether.report/1',
  ticks: [{ at: '2026-01-31T12:00:01.000Z', look: 1, p: 0.5, harmProbability: 0.2 }],
  evidence: { changeAt: plot.from, plots: [plot] },
  audit: [],
  people: {},
};
const series: DataFrame = {
  length: 1,
  fields: [
    { name: 'time', type: FieldType.time, config: {}, values: [1] },
    { name: 'error ratio', type: FieldType.number, config: {}, values: [1] },
  ],
};
const context = { theme: createTheme(), timeZone: 'utc' };
const options = { showBand: true, showHarm: true, bandMetric: '' };

describe('what the chart draws', () => {
  it('is the series first, then the band, then the probability of harm', () => {
    const frames = chartFrames([series], report, options, context);
    expect(frames[0]).toBe(series);
    expect(frames.map(({ refId }) => refId)).toEqual([undefined, 'bellwether-band', 'bellwether-harm']);
    expect(frames.every(({ fields, length }) => fields.every(({ values }) => values.length === length))).toBe(
      true,
    );
  });

  it('is the series alone where nothing else is known or wanted', () => {
    expect(chartFrames([series], undefined, options, context)).toEqual([series]);
    expect(chartFrames([series], report, { ...options, showBand: false, showHarm: false }, context)).toEqual([
      series,
    ]);
  });

  it('draws no band of a metric that the panel does not show', () => {
    expect(plotToDraw([plot], '', ['latency'])).toBeUndefined();
    expect(plotToDraw([plot], '', ['error ratio 2.15.0'])).toBe(plot);
    expect(plotToDraw([plot], 'error ratio', ['latency'])).toBe(plot);
    expect(plotToDraw([plot], 'latency', ['error ratio'])).toBeUndefined();
  });

  it('leaves frames out that are no time series', () => {
    const empty = { length: 0, fields: [] };
    expect(drawableFrames([empty, series])).toEqual([series]);
  });

  it("takes deployments of the dashboard's annotations once each, and knows foreign ones", () => {
    const data = {
      name: 'data',
      type: FieldType.other,
      config: {},
      values: [{ bellwether: [region()] }, null, { other: 1 }, { bellwether: [region()] }],
    };
    expect(annotatedRegions([{ length: 4, fields: [data] }])?.map(({ id }) => id)).toEqual(['d-1']);
    expect(annotatedRegions([{ length: 1, fields: [{ ...data, values: [{ other: 1 }] }] }])).toBeUndefined();
    expect(annotatedRegions(undefined)).toBeUndefined();
  });
});
