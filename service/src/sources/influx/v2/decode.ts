import { linesToTables, stringToLines, type FluxTableMetaData } from '@influxdata/influxdb-client';
import { SourceError } from '../../port.js';

/** A row of an answer that has a time and a finite number. */
export interface FluxRow {
  /** Columns of the group key, without the window's bounds; an empty one is absent. */
  readonly group: Readonly<Record<string, string>>;
  readonly timeMs: number;
  readonly value: number;
}

/** The script failed after the answer had begun, or gives something that is no metric. */
export class FluxError extends Error {
  override readonly name = 'FluxError';
}

const BOUNDS = ['_start', '_stop', '_time', '_value', 'result', 'table'];
const NUMERIC = ['double', 'long', 'unsignedLong'];

/**
 * Reads annotated CSV, as `/api/v2/query` answers.
 * @throws FluxError, and SourceError `unavailable` for what is no annotated CSV
 */
export function decodeCsv(
  csv: string,
  source: string,
  texts: 'refused' | 'passed-over' = 'refused',
): readonly FluxRow[] {
  // A proxy's page, or JSON, would be read as a table without rows.
  if (csv.trim() !== '' && !csv.startsWith('#') && !csv.startsWith(','))
    throw new SourceError('unavailable', `the answer of source "${source}" is no annotated CSV`, true);
  const rows: FluxRow[] = [];
  let failure: Error | undefined;
  let reader: { readonly table: FluxTableMetaData; readonly read: RowReader } | undefined;
  stringToLines(
    csv,
    linesToTables({
      next(row, table) {
        if (reader?.table !== table) reader = { table, read: rowReader(table, texts) };
        const decoded = reader.read(row);
        if (decoded !== undefined) rows.push(decoded);
      },
      error: (error) => (failure = error),
      complete: () => undefined,
    }),
  );
  if (failure instanceof FluxError) throw failure;
  if (failure !== undefined)
    throw new SourceError(
      'unavailable',
      `the answer of source "${source}" cannot be read: ${failure.message}`,
      true,
    );
  return rows;
}

type RowReader = (row: readonly string[]) => FluxRow | undefined;

/** Reads the rows of a table; where its columns stand is looked up once. */
function rowReader(table: FluxTableMetaData, texts: 'refused' | 'passed-over'): RowReader {
  const cell = (label: string): ((row: readonly string[]) => string) | undefined => {
    const column = table.columns.find((one) => one.label === label);
    return column === undefined ? undefined : (row) => row[column.index] || column.defaultValue;
  };
  const [failure, time, value] = [cell('error'), cell('_time'), cell('_value')];
  if (failure !== undefined && cell('reference') !== undefined)
    return (row) => {
      throw new FluxError(failure(row));
    };
  if (time === undefined || value === undefined)
    throw new FluxError('the answer has no column _time or _value; keep both, as aggregateWindow does');
  const number = numberReader(table.column('_value').dataType, texts);
  const group = groupReader(table);
  return (row) => {
    const [timeMs, read] = [Date.parse(time(row)), number(value(row))];
    return Number.isNaN(timeMs) || read === undefined
      ? undefined
      : { group: group(row), timeMs, value: read };
  };
}

/** The same object for rows of the same group that follow each other. */
function groupReader({ columns }: FluxTableMetaData): (row: readonly string[]) => FluxRow['group'] {
  const keys = columns.filter((column) => column.group && !BOUNDS.includes(column.label));
  let last: { readonly texts: readonly string[]; readonly group: FluxRow['group'] } | undefined;
  return (row) => {
    const texts = keys.map(({ index, defaultValue }) => row[index] || defaultValue);
    if (last !== undefined && texts.every((text, index) => text === last?.texts[index])) return last.group;
    const entries = keys.map(({ label }, index) => [label, texts[index] ?? ''] as const);
    last = { texts, group: Object.fromEntries(entries.filter(([, text]) => text !== '')) };
    return last.group;
  };
}

/** Undefined for null, NaN and the infinities: that interval has no value. */
function numberReader(type: string, texts: 'refused' | 'passed-over'): (text: string) => number | undefined {
  if (type === 'boolean') return (text) => (text === 'true' ? 1 : 0);
  if (!NUMERIC.includes(type)) {
    if (texts === 'passed-over') return () => undefined;
    throw new FluxError(`_value is of the type ${type}; choose a field of numbers`);
  }
  return (text) => {
    const number = text === '' ? NaN : Number(text);
    return Number.isFinite(number) ? number : undefined;
  };
}
