import { type DataFrame, type Field, FieldType } from '@grafana/data';
import type { Region } from '../verdicts/region.js';
import { say } from '../words/say.js';

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
      column(say('column.started'), FieldType.time, ({ region }) => region.fromMs),
      column(say('column.service'), FieldType.string, ({ region }) => region.deployment.service),
      column(say('column.version'), FieldType.string, ({ region }) => region.deployment.version),
      column(say('column.metric'), FieldType.string, ({ finding }) => finding.name),
      column(say('column.status'), FieldType.string, ({ finding }) => finding.status),
      column(say('column.contribution'), FieldType.number, ({ finding }) => finding.contribution, {
        unit: 'percentunit',
      }),
      column(say('column.p'), FieldType.number, ({ finding }) => finding.p ?? null, { decimals: 4 }),
      column(say('column.effect'), FieldType.number, ({ finding }) => finding.effect?.relative ?? null, {
        unit: 'percentunit',
      }),
      column(say('column.coverage'), FieldType.number, ({ finding }) => finding.coverage, {
        unit: 'percentunit',
      }),
      column(say('column.sentence'), FieldType.string, ({ finding }) => finding.text),
    ],
  };
}
