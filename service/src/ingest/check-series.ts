import type { ReceivedSeries } from './received-series.js';

/** As in the schema of pushed samples: what is taken on one way is taken on the others. */
const METRIC = /^[A-Za-z_:][A-Za-z0-9_:.]*$/;
const LABEL = /^[A-Za-z_][A-Za-z0-9_]*$/;
const CONTROL = /[\p{Cc}\p{Cs}]/u;
const MAX_METRIC_LENGTH = 200;
const MAX_LABELS = 64;
const MAX_NAME_LENGTH = 128;
const MAX_VALUE_LENGTH = 1_024;

/** What is wrong with the names of a series, with the remedy; undefined when nothing is. */
export function seriesFault({ metric, labels }: ReceivedSeries): string | undefined {
  if (metric.length > MAX_METRIC_LENGTH || !METRIC.test(metric))
    return `the metric name ${shown(metric)} is not taken; use at most ${MAX_METRIC_LENGTH} letters, digits and _ : . and begin with a letter`;
  const entries = Object.entries(labels);
  if (entries.length > MAX_LABELS)
    return `${metric} has ${entries.length} labels; send at most ${MAX_LABELS}`;
  for (const [name, value] of entries) {
    const fault = labelFault(name, value);
    if (fault !== undefined) return `${metric}: ${fault}`;
  }
  return undefined;
}

function labelFault(name: string, value: string): string | undefined {
  if (name.length > MAX_NAME_LENGTH || !LABEL.test(name) || name.startsWith('__'))
    return `the label name ${shown(name)} is not taken; use at most ${MAX_NAME_LENGTH} letters, digits and _ and begin with a letter`;
  if (value.length > MAX_VALUE_LENGTH)
    return `the label ${name} is longer than ${MAX_VALUE_LENGTH} characters; shorten it or drop it`;
  return CONTROL.test(value) ? `the label ${name} holds a control character; remove it` : undefined;
}

/** Short and on one line, whatever it holds. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
