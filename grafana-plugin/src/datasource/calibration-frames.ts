import { type DataFrame, type Field, FieldType } from '@grafana/data';
import type { Region } from '../verdicts/region.js';
import type { ServiceReader } from '../verdicts/service-client.js';
import { dataName } from '../words/say.js';

/** Whether error rates and probabilities of the services in the range hold: one row a service and environment. */
export async function calibrationFrames(
  reader: Pick<ServiceReader, 'calibration'>,
  regions: readonly Region[],
): Promise<readonly DataFrame[]> {
  const services = [...new Set(regions.map(({ deployment }) => deployment.service))].toSorted();
  const found = await Promise.all(services.map((service) => reader.calibration(service)));
  const rows = found.flatMap(({ service, items }) => items.map((item) => ({ service, item })));
  type Row = (typeof rows)[number];
  const column = (
    name: string,
    type: FieldType,
    read: (row: Row) => unknown,
    config: Field['config'] = {},
  ): Field => ({ name, type, config, values: rows.map(read) });
  const share = { unit: 'percentunit' };
  return [
    {
      name: 'calibration',
      length: rows.length,
      fields: [
        column(dataName('column.service'), FieldType.string, ({ service }) => service),
        column(dataName('column.environment'), FieldType.string, ({ item }) => item.environment),
        column(dataName('column.alpha'), FieldType.number, ({ item }) => item.alpha, share),
        column(
          dataName('column.fresh-rate'),
          FieldType.number,
          ({ item }) => item.freshChecks.rate ?? null,
          share,
        ),
        column(dataName('column.fresh-judged'), FieldType.number, ({ item }) => item.freshChecks.judged),
        column(dataName('column.holds'), FieldType.boolean, ({ item }) => !item.freshChecks.isOff),
        column(dataName('column.labelled'), FieldType.number, ({ item }) => item.labelled.labelled),
        column(
          dataName('column.false-rollbacks'),
          FieldType.number,
          ({ item }) => item.labelled.falseRollbacks.count,
        ),
        column(
          dataName('column.missed-harm'),
          FieldType.number,
          ({ item }) => item.labelled.missedHarm.count,
        ),
        column(dataName('column.brier'), FieldType.number, ({ item }) => item.labelled.brier ?? null),
      ],
    },
  ];
}
