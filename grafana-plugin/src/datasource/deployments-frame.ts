import { type DataFrame, type Field, FieldType } from '@grafana/data';
import { sentenceOf } from '../verdicts/describe-region.js';
import { onsetOf, type Region } from '../verdicts/region.js';
import { APP_ID } from '../verdicts/service-client.js';
import { verdictLook } from '../verdicts/verdict-look.js';
import { say } from '../words/say.js';

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
      column(say('column.started'), FieldType.time, ({ fromMs }) => fromMs),
      column(say('column.service'), FieldType.string, ({ deployment }) => deployment.service, link),
      column(say('column.environment'), FieldType.string, ({ deployment }) => deployment.environment),
      column(say('column.version'), FieldType.string, ({ deployment }) => deployment.version),
      column(say('column.from'), FieldType.string, ({ deployment }) => deployment.previousVersion ?? ''),
      column(say('column.verdict'), FieldType.string, ({ verdict }) => {
        const { sign, word } = verdictLook(verdict);
        return `${sign} ${word}`;
      }),
      column(
        say('column.harm'),
        FieldType.number,
        ({ deployment }) => deployment.latestVerdict?.harmProbability ?? null,
        { unit: 'percentunit', min: 0, max: 1 },
      ),
      column(say('column.p'), FieldType.number, ({ deployment }) => deployment.latestVerdict?.p ?? null, {
        decimals: 4,
      }),
      column(say('column.onset'), FieldType.time, (region) => onsetOf(region) ?? null),
      column(say('column.state'), FieldType.string, ({ deployment }) => deployment.state),
      column(say('column.sentence'), FieldType.string, ({ deployment }) =>
        sentenceOf(deployment.latestVerdict),
      ),
      column('id', FieldType.string, ({ id }) => id),
    ],
  };
}
