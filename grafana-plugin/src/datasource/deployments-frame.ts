import { type DataFrame, type Field, FieldType } from '@grafana/data';
import { sentenceOf } from '../verdicts/describe-region.js';
import { onsetOf, type Region } from '../verdicts/region.js';
import { APP_ID } from '../verdicts/service-client.js';
import { verdictDataName, verdictMark } from '../verdicts/verdict-look.js';
import { dataName, say } from '../words/say.js';

/** Deployments as a table, newest first. */
export function deploymentsFrame(regions: readonly Region[]): DataFrame {
  const rows = regions.toReversed();
  const column = (
    name: string,
    type: FieldType,
    read: (region: Region) => unknown,
    config: Field['config'] = {},
  ): Field => ({ name, type, config, values: rows.map(read) });
  const link = {
    links: [{ title: say('annotation.evidence'), url: `/a/${APP_ID}/deployments/\${__data.fields.id}` }],
  };
  return {
    name: 'deployments',
    length: rows.length,
    fields: [
      column(dataName('column.started'), FieldType.time, ({ fromMs }) => fromMs),
      column(dataName('column.service'), FieldType.string, ({ deployment }) => deployment.service, link),
      column(dataName('column.environment'), FieldType.string, ({ deployment }) => deployment.environment),
      column(dataName('column.version'), FieldType.string, ({ deployment }) => deployment.version),
      column(dataName('column.from'), FieldType.string, ({ deployment }) => deployment.previousVersion ?? ''),
      column(dataName('column.verdict'), FieldType.string, ({ verdict }) => {
        return `${verdictMark(verdict).sign} ${verdictDataName(verdict)}`;
      }),
      column(
        dataName('column.harm'),
        FieldType.number,
        ({ deployment }) => deployment.latestVerdict?.harmProbability ?? null,
        { unit: 'percentunit', min: 0, max: 1 },
      ),
      column(
        dataName('column.p'),
        FieldType.number,
        ({ deployment }) => deployment.latestVerdict?.p ?? null,
        {
          decimals: 4,
        },
      ),
      column(dataName('column.onset'), FieldType.time, (region) => onsetOf(region) ?? null),
      column(dataName('column.state'), FieldType.string, ({ deployment }) => deployment.state),
      column(dataName('column.sentence'), FieldType.string, ({ deployment }) =>
        sentenceOf(deployment.latestVerdict),
      ),
      column('id', FieldType.string, ({ id }) => id),
    ],
  };
}
