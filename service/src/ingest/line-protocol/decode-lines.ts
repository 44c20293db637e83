import { typeByName, type ReceivedSeries } from '../received-series.js';
import type { SampleSink } from '../sample-sink.js';
import { scanLine, splitUnescaped, unescapeName, type Line } from './scan-line.js';

/** The field that a metric without one means, as where an InfluxDB is read. */
const USUAL_FIELD = 'value';

/** How many of a unit make a millisecond. */
const PER_MILLISECOND = {
  ns: 1e6,
  n: 1e6,
  us: 1e3,
  u: 1e3,
  µ: 1e3,
  ms: 1,
  s: 1e-3,
  m: 1 / 60_000,
  h: 1 / 3_600_000,
} as const;

/** Unit of the times in a body. */
export type Precision = keyof typeof PER_MILLISECOND;

export function isPrecision(text: string): text is Precision {
  return Object.hasOwn(PER_MILLISECOND, text);
}

/**
 * Decodes a body of the line protocol into a sink: every numeric field is a series, named `measurement.field`, or just the measurement for
 * the field `value`. True and false are 1 and 0; texts are no metrics and are passed over. Lines that are broken are counted, the others taken.
 *
 * @param nowMs time of lines that have none
 */
export function decodeLines(body: string, precision: Precision, nowMs: number, sink: SampleSink): void {
  const perMillisecond = PER_MILLISECOND[precision];
  for (const text of linesOf(body)) {
    const line = text.trim();
    if (line === '' || line.startsWith('#')) continue;
    const scanned = scanLine(line);
    if (scanned === undefined)
      sink.refuse(
        'malformed',
        1,
        () => `unable to parse ${JSON.stringify(line.slice(0, 80))}: want measurement,tag=… field=… time`,
      );
    else addLine(scanned, scanned.time === '' ? nowMs : Number(scanned.time) / perMillisecond, sink);
  }
}

function addLine(line: Line, timeMs: number, sink: SampleSink): void {
  for (const [field, text] of line.fields) {
    const value = numberOf(text);
    if (value === undefined)
      sink.refuse('malformed', 1, () => `the field ${field.slice(0, 40)} is no number, text or truth value`);
    else if (typeof value === 'string')
      sink.refuse('no-value', 1, () => `the field ${field.slice(0, 40)} is a text`);
    else
      sink.add(
        sink.series(`${line.key} ${field}`, () => seriesOf(line.key, field)),
        timeMs,
        value,
      );
  }
}

/** A line ends at a new line that is not within a quoted text, which only fields with texts have. */
function linesOf(body: string): readonly string[] {
  const lines = body.split('\n');
  if (!body.includes('"')) return lines;
  const whole: string[] = [];
  let open = '';
  for (const line of lines) {
    open = open === '' ? line : `${open}\n${line}`;
    if (hasOpenQuote(open)) continue;
    whole.push(open);
    open = '';
  }
  return open === '' ? whole : [...whole, ...open.split('\n')];
}

/** Quotes count only in field values; elsewhere they stand for themselves. */
function hasOpenQuote(line: string): boolean {
  if (!line.includes('="')) return false;
  const quotes = line.replaceAll(/\\./gs, '').match(/"/g)?.length ?? 0;
  return quotes % 2 === 1;
}

const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^(?:-?\d+i|\d+u)$/;
const TRUTH = /^(?:(t|T|true|True|TRUE)|(?:f|F|false|False|FALSE))$/;

/** A text comes back as it is, quotes included; undefined is nothing that the protocol knows. */
function numberOf(text: string): number | string | undefined {
  if (FLOAT.test(text)) return Number(text);
  if (INTEGER.test(text)) return Number(text.slice(0, -1));
  if (text.startsWith('"') && text.endsWith('"') && text.length > 1) return text;
  const truth = TRUTH.exec(text);
  if (truth === null) return undefined;
  return truth[1] === undefined ? 0 : 1;
}

function seriesOf(key: string, field: string): ReceivedSeries {
  const [measurement = '', ...tags] = splitUnescaped(key, ',');
  const name = metricPart(unescapeName(measurement));
  const fieldName = unescapeName(field);
  const metric = fieldName === USUAL_FIELD ? name : `${name}.${metricPart(fieldName).replaceAll('.', '_')}`;
  const labels: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const tag of tags) {
    const [tagName = '', ...rest] = splitUnescaped(tag, '=');
    const value = unescapeName(rest.join('='));
    if (value !== '') labels[labelName(unescapeName(tagName))] = value;
  }
  return { metric, labels, type: typeByName(metric) };
}

/** Letters that a policy cannot write become `_`. */
function metricPart(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_:.]/g, '_');
}

function labelName(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9_]/g, '_')
    .replace(/^__+/, '_')
    .replace(/^(?=\d)/, '_');
}
