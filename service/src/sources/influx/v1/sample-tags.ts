import type { SeriesType } from '../../../domain/sample.js';

/** What a pushed sample is stored under: labels never begin with two underscores, so that these are never one of them. */
export const PROJECT_TAG = '__project__';
const TYPE_TAG = '__type__';
const UNIT_TAG = '__unit__';
export const VALUE_FIELD = 'value';

/** Names that mean something else to InfluxDB or to the query. */
const RESERVED = new Set(['time', '_field', '_measurement', VALUE_FIELD]);
const ESCAPED_NAME = '__label_';

export interface SampleTags {
  readonly project: string;
  readonly type: SeriesType;
  readonly unit?: string;
  /** Without empty ones. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Tags of a pushed series, as the line protocol can carry them. */
export function encodeTags({ project, type, unit, labels }: SampleTags): Readonly<Record<string, string>> {
  return {
    [PROJECT_TAG]: encodeValue(project),
    [TYPE_TAG]: type,
    ...(unit === undefined ? {} : { [UNIT_TAG]: encodeValue(unit) }),
    ...Object.fromEntries(Object.entries(encodeLabels(labels)).filter(([, value]) => value !== '')),
  };
}

/** Labels as tags; an empty value, which matches an absent tag, stays empty. */
export function encodeLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [
      RESERVED.has(name) ? ESCAPED_NAME + name : name,
      encodeValue(value),
    ]),
  );
}

/** Undefined for a series that was not pushed through here. */
export function decodeTags(tags: Readonly<Record<string, string>>): SampleTags | undefined {
  const { [PROJECT_TAG]: project, [TYPE_TAG]: type, [UNIT_TAG]: unit, ...rest } = tags;
  if (project === undefined || (type !== 'gauge' && type !== 'counter')) return undefined;
  const labels = Object.entries(rest).map(([name, value]) => [
    name.startsWith(ESCAPED_NAME) ? name.slice(ESCAPED_NAME.length) : name,
    decodeValue(value),
  ]);
  return {
    project: decodeValue(project),
    type,
    ...(unit === undefined ? {} : { unit: decodeValue(unit) }),
    labels: Object.fromEntries(labels) as Record<string, string>,
  };
}

/**
 * A tag value that the line protocol gives back as it was. A backslash at its end would swallow the comma behind it, and a line break
 * would end the line: both are written as `%5C` and `%0A`, and a `%` only where it could be taken for one of these.
 */
export function encodeValue(value: string): string {
  return value.replace(
    /%(?=5C|25|[01][\dA-F]|7F)|\\|[^\P{Cc}\u0080-\u009f]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function decodeValue(text: string): string {
  return text.replace(/%(5C|25|[01][\dA-F]|7F)/g, (_whole, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
