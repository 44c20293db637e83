/** Measurement and field of a metric. */
export interface MeasuredField {
  readonly measurement: string;
  readonly field: string;
}

/**
 * `cpu` is the usual field of the measurement `cpu`; `cpu.usage_idle` names the field, and the last dot counts, so that a measurement
 * which has dots itself is written with its field.
 * @example measuredField('http.requests.value', 'value') // { measurement: 'http.requests', field: 'value' }
 */
export function measuredField(metric: string, usualField: string): MeasuredField {
  const dot = metric.lastIndexOf('.');
  return dot <= 0 || dot === metric.length - 1
    ? { measurement: metric, field: usualField }
    : { measurement: metric.slice(0, dot), field: metric.slice(dot + 1) };
}

/** The shortest name that {@link measuredField} reads back; undefined where a policy cannot write it. */
export function metricNameOf({ measurement, field }: MeasuredField, usualField: string): string | undefined {
  const name = field === usualField && !measurement.includes('.') ? measurement : `${measurement}.${field}`;
  return /^[A-Za-z_:][A-Za-z0-9_:.]*$/.test(name) && !field.includes('.') ? name : undefined;
}

/** InfluxDB keeps no types; these endings are how counters are named in the exposition formats. */
export function typeOf(metric: string): 'counter' | 'gauge' {
  return /_(total|count|sum|bucket)$/.test(metric) ? 'counter' : 'gauge';
}
