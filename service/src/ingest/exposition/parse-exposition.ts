import type { SeriesType } from '../../domain/sample.js';
import { typeByName, type ReceivedSeries } from '../received-series.js';
import type { SampleSink } from '../sample-sink.js';

export type ExpositionFormat = 'text' | 'openmetrics';

export interface ExpositionContext {
  readonly format: ExpositionFormat;
  /** Time of samples that have none: when the page was asked for. */
  readonly nowMs: number;
  /** Of the target; a label that a series brings under the same name is kept as `exported_…`. */
  readonly labels: Readonly<Record<string, string>>;
}

/** name, then labels in braces, then value, then time; an exemplar may follow. */
const SAMPLE =
  /^([A-Za-z_:][A-Za-z0-9_:]*)(\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?[ \t]*([^ \t]+)(?:[ \t]+([^ \t#]+))?[ \t]*(?:#.*)?$/;
const LABEL = /([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*/y;
const TYPE = /^#[ \t]+TYPE[ \t]+(\S+)[ \t]+(\S+)/;
const VALUE = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?)$|^nan$/i;
const TYPES: Readonly<Partial<Record<string, SeriesType>>> = { counter: 'counter', gauge: 'gauge' };

/**
 * Decodes a page of metrics (Prometheus text 0.0.4 or OpenMetrics 1.0) into a sink. A line that is broken is counted and passed over.
 */
export function parseExposition(page: string, context: ExpositionContext, sink: SampleSink): void {
  const types = new Map<string, SeriesType>();
  for (const line of page.split('\n')) {
    if (line.startsWith('#')) readType(line, types);
    else if (line.trim() !== '') addSample(line.trimEnd(), context, types, sink);
  }
}

function readType(line: string, types: Map<string, SeriesType>): void {
  const [, family, word] = TYPE.exec(line) ?? [];
  const type = word === undefined ? undefined : TYPES[word];
  if (family === undefined || type === undefined) return;
  types.set(family, type);
  // OpenMetrics names the family, and its samples end in _total.
  if (type === 'counter') types.set(`${family}_total`, type);
}

function addSample(
  line: string,
  { format, nowMs, labels }: ExpositionContext,
  types: ReadonlyMap<string, SeriesType>,
  sink: SampleSink,
): void {
  const [, metric = '', braces = '', text = '', time] = SAMPLE.exec(line) ?? [];
  const own = metric === '' ? undefined : labelsIn(braces);
  const timeMs = time === undefined ? nowMs : timeOf(time, format);
  if (own === undefined || timeMs === undefined || !VALUE.test(text)) {
    sink.refuse(
      'malformed',
      1,
      () => `unable to parse ${JSON.stringify(line.slice(0, 80))}: want name{label="…"} value`,
    );
    return;
  }
  const type = types.get(metric) ?? typeByName(metric);
  const series = sink.series(`${metric}${braces}`, (): ReceivedSeries => ({
    metric,
    labels: joined(own, labels),
    type,
  }));
  sink.add(series, timeMs, valueOf(text));
}

/** undefined where they are broken, or one is given twice. */
function labelsIn(braces: string): Readonly<Record<string, string>> | undefined {
  const labels: Record<string, string> = Object.create(null) as Record<string, string>;
  const inner = braces.slice(1, -1).trim();
  for (let at = 0; at < inner.length;) {
    LABEL.lastIndex = at;
    const [whole = '', name = '', value = ''] = LABEL.exec(inner) ?? [];
    if (whole === '' || name in labels) return undefined;
    labels[name] = unescapeValue(value);
    at += whole.length;
    if (at === inner.length) break;
    if (inner[at] !== ',') return undefined;
    at += 1;
    while (inner[at] === ' ') at += 1;
  }
  return labels;
}

function unescapeValue(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}

function joined(
  own: Readonly<Record<string, string>>,
  target: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const labels: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(own))
    if (value !== '') labels[Object.hasOwn(target, name) ? `exported_${name}` : name] = value;
  return Object.assign(labels, target);
}

/** Milliseconds in the text format, seconds in OpenMetrics; undefined for what is no number. */
function timeOf(text: string, format: ExpositionFormat): number | undefined {
  const time = Number(text);
  if (!Number.isFinite(time)) return undefined;
  return format === 'openmetrics' ? time * 1_000 : time;
}

function valueOf(text: string): number {
  if (!/inf|nan/i.test(text)) return Number(text);
  return /nan/i.test(text) ? NaN : text.startsWith('-') ? -Infinity : Infinity;
}
