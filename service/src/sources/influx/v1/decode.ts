import { SourceError } from '../../port.js';

/** A table of an answer: one tag set of one measurement. */
export interface Influx1Series {
  readonly name: string;
  /** Tags that the series has; an empty one is absent. */
  readonly tags: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  /** Rows by column; times in milliseconds. */
  readonly values: readonly (readonly unknown[])[];
}

/** What came of each statement, in their order. */
export interface Influx1Answer {
  readonly statements: readonly (readonly Influx1Series[])[];
  /** What the server says of the first statement that failed. */
  readonly error?: string;
}

/**
 * Reads the JSON of `/query`.
 * @throws SourceError `unavailable` when it is none, `partial` when the server cut it at its own limit
 */
export function decodeAnswer(raw: unknown, source: string): Influx1Answer {
  const results = field(raw, 'results');
  if (!Array.isArray(results)) throw unreadable(source, 'it has no "results"');
  const error = results.map((result) => field(result, 'error')).find((text) => typeof text === 'string');
  return {
    statements: results.map((result) => decodeResult(result, source)),
    ...(error === undefined ? {} : { error }),
  };
}

function decodeResult(result: unknown, source: string): readonly Influx1Series[] {
  const series = field(result, 'series') ?? [];
  if (!Array.isArray(series)) throw unreadable(source, '"series" is no list');
  if (field(result, 'partial') === true || series.some((one) => field(one, 'partial') === true))
    throw new SourceError(
      'partial',
      `source "${source}" cut its answer at its own limit; raise max-row-limit there or ask for less`,
      false,
    );
  return series.map((one) => decodeSeries(one, source));
}

function decodeSeries(one: unknown, source: string): Influx1Series {
  const [name, columns, values] = [field(one, 'name'), field(one, 'columns'), field(one, 'values') ?? []];
  if (!isTexts(columns) || !Array.isArray(values) || !values.every((row) => Array.isArray(row)))
    throw unreadable(source, 'a series has no columns or values');
  const tags = Object.entries((field(one, 'tags') ?? {}) as Record<string, unknown>);
  return {
    name: typeof name === 'string' ? name : '',
    tags: Object.fromEntries(
      tags.filter((tag): tag is [string, string] => typeof tag[1] === 'string' && tag[1] !== ''),
    ),
    columns,
    values,
  };
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

function unreadable(source: string, why: string): SourceError {
  return new SourceError('unavailable', `the answer of source "${source}" cannot be read: ${why}`, true);
}
