import { type DataFrame, type Field, FieldType } from '@grafana/data';
import type { Region } from '../verdicts/region.js';
import type { ServiceReader } from '../verdicts/service-client.js';
import type { DeploymentReport, ReportPlot } from '../verdicts/wire.js';
import { bandOf } from '../verdicts/band.js';
import { dataName } from '../words/say.js';

/** Each deployment's report is a request of its own; a range with more shows the newest. */
const MOST_REPORTS = 20;

/** The probability of harm after each look: one series a deployment. */
export async function harmProbabilityFrames(
  reader: Pick<ServiceReader, 'report'>,
  regions: readonly Region[],
): Promise<readonly DataFrame[]> {
  const reports = await newestReports(reader, regions);
  return reports.map(([{ deployment }, report]) => ({
    name: `${deployment.service} ${deployment.version}`,
    length: report.ticks.length,
    fields: [
      timeField(report.ticks.map(({ at }) => Date.parse(at))),
      {
        name: dataName('series.harm'),
        type: FieldType.number,
        labels: { service: deployment.service, version: deployment.version },
        config: { unit: 'percentunit', min: 0, max: 1 },
        values: report.ticks.map(({ harmProbability }) => harmProbability),
      },
    ],
  }));
}

/** What was measured and what was expected, with its band: one frame a deployment and metric. */
export async function bandFrames(
  reader: Pick<ServiceReader, 'report'>,
  regions: readonly Region[],
  metric: string,
): Promise<readonly DataFrame[]> {
  const reports = await newestReports(reader, regions);
  return reports.flatMap(([{ deployment }, report]) =>
    (report.evidence?.plots ?? [])
      .filter(({ name }) => metric === '' || name === metric)
      .map((plot) => bandFrame(plot, { service: deployment.service, version: deployment.version })),
  );
}

function bandFrame(plot: ReportPlot, labels: Record<string, string>): DataFrame {
  const { timesMs, expected, low, high } = bandOf(plot);
  const field = (name: string, values: readonly (number | null)[], custom: object): Field => ({
    name,
    type: FieldType.number,
    labels,
    config: { unit: plot.unit, custom },
    values: [...values],
  });
  return {
    name: plot.name,
    length: timesMs.length,
    fields: [
      timeField(timesMs),
      field(plot.name, plot.live, {}),
      field(dataName('series.expected'), expected, { lineStyle: { fill: 'dash', dash: [8, 6] } }),
      field(dataName('series.high'), high, {
        lineWidth: 0,
        fillBelowTo: dataName('series.low'),
        fillOpacity: 15,
      }),
      field(dataName('series.low'), low, { lineWidth: 0 }),
    ],
  };
}

function timeField(values: readonly number[]): Field {
  return { name: 'time', type: FieldType.time, config: {}, values: [...values] };
}

async function newestReports(
  reader: Pick<ServiceReader, 'report'>,
  regions: readonly Region[],
): Promise<readonly (readonly [Region, DeploymentReport])[]> {
  return Promise.all(
    regions.slice(-MOST_REPORTS).map(async (region) => [region, await reader.report(region.id)] as const),
  );
}
