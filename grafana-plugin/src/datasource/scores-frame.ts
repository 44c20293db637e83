import { type DataFrame, type Field, FieldType } from '@grafana/data';
import type { Region } from '../verdicts/region.js';
import { dataName } from '../words/say.js';

/** What each metric of each deployment said: one row a finding, newest deployment first. */
export function scoresFrame(regions: readonly Region[], metric: string): DataFrame {
  const rows = regions
    .toReversed()
    .flatMap((region) =>
      (region.deployment.latestVerdict?.metrics ?? [])
        .filter(({ name }) => metric === '' || name === metric)
        .map((finding) => ({ region, finding })),
    );
  type Row = (typeof rows)[number];
  const column = (
    name: string,
    type: FieldType,
    read: (row: Row) => unknown,
    config: Field['config'] = {},
  ): Field => ({ name, type, config, values: rows.map(read) });
  return {
    name: 'scores',
    length: rows.length,
    fields: [
      column(dataName('column.started'), FieldType.time, ({ region }) => region.fromMs),
      column(dataName('column.service'), FieldType.string, ({ region }) => region.deployment.service),
      column(dataName('column.version'), FieldType.string, ({ region }) => region.deployment.version),
      column(dataName('column.metric'), FieldType.string, ({ finding }) => finding.name),
      column(dataName('column.status'), FieldType.string, ({ finding }) => finding.status),
      column(dataName('column.contribution'), FieldType.number, ({ finding }) => finding.contribution, {
        unit: 'percentunit',
      }),
      column(dataName('column.p'), FieldType.number, ({ finding }) => finding.p ?? null, { decimals: 4 }),
      column(dataName('column.effect'), FieldType.number, ({ finding }) => finding.effect?.relative ?? null, {
        unit: 'percentunit',
      }),
      column(dataName('column.coverage'), FieldType.number, ({ finding }) => finding.coverage, {
        unit: 'percentunit',
      }),
      column(dataName('column.sentence'), FieldType.string, ({ finding }) => finding.text),
    ],
  };
}
