import { type DataFrame, type Field, FieldType } from '@grafana/data';
import type { Region } from '../verdicts/region.js';
import type { ServiceReader } from '../verdicts/service-client.js';
import { say } from '../words/say.js';

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
        column(say('column.service'), FieldType.string, ({ service }) => service),
        column(say('column.environment'), FieldType.string, ({ item }) => item.environment),
        column(say('column.alpha'), FieldType.number, ({ item }) => item.alpha, share),
        column(
          say('column.fresh-rate'),
          FieldType.number,
          ({ item }) => item.freshChecks.rate ?? null,
          share,
        ),
        column(say('column.fresh-judged'), FieldType.number, ({ item }) => item.freshChecks.judged),
        column(say('column.holds'), FieldType.boolean, ({ item }) => !item.freshChecks.isOff),
        column(say('column.labelled'), FieldType.number, ({ item }) => item.labelled.labelled),
        column(
          say('column.false-rollbacks'),
          FieldType.number,
          ({ item }) => item.labelled.falseRollbacks.count,
        ),
        column(say('column.missed-harm'), FieldType.number, ({ item }) => item.labelled.missedHarm.count),
        column(say('column.brier'), FieldType.number, ({ item }) => item.labelled.brier ?? null),
      ],
    },
  ];
}
