import { isRecord } from './is-record.js';
import type { RecordedSeries } from './recorded-window.js';

/** Told what was ignored or mended, in words that are the same for the same oddity. */
export type Remark = (text: string) => void;

const FIELDS: ReadonlySet<string> = new Set(['name', 'kind', 'role', 't', 'v', 'total']);

/**
 * One entry of `metrics`. Whatever is no number counts as a missing sample: a recording with holes is still a recording.
 * @returns undefined, after a remark, for what is no series of one of the two arms
 */
export function decodeSeries(value: unknown, index: number, remark: Remark): RecordedSeries | undefined {
  if (!isRecord(value)) {
    remark('a metric that is not an object is ignored');
    return undefined;
  }
  for (const field of Object.keys(value))
    if (!FIELDS.has(field)) remark(`unknown field "${field}" of a metric is ignored`);
  const role = value['role'] ?? 'treatment';
  if (role !== 'treatment' && role !== 'control') {
    remark(
      `metrics with the role ${JSON.stringify(role)} are ignored; known roles are "treatment" and "control"`,
    );
    return undefined;
  }
  const { name, kind } = value;
  if (typeof name !== 'string') remark('a metric without a name is called by its place in the list');
  return {
    name: typeof name === 'string' ? name : `metric ${index + 1}`,
    kind: typeof kind === 'string' ? kind : '',
    role,
    ...samples(value, remark),
  };
}

function samples(
  metric: Readonly<Record<string, unknown>>,
  remark: Remark,
): Pick<RecordedSeries, 'timesSeconds' | 'values' | 'totals'> {
  const [times, values] = [numbers(metric['t'], 't', remark), numbers(metric['v'], 'v', remark)];
  const totals = metric['total'] === undefined ? undefined : numbers(metric['total'], 'total', remark);
  const count = Math.min(times.length, values.length, totals?.length ?? Infinity);
  if (times.length !== count || values.length !== count || (totals && totals.length !== count))
    remark('where "t", "v" and "total" of a metric differ in length, what is left over is ignored');
  return {
    timesSeconds: times.subarray(0, count),
    values: values.subarray(0, count),
    ...(totals === undefined ? {} : { totals: totals.subarray(0, count) }),
  };
}

function numbers(list: unknown, field: string, remark: Remark): Float64Array {
  if (!Array.isArray(list)) {
    remark(`a metric whose "${field}" is not a list has no samples`);
    return new Float64Array(0);
  }
  const out = new Float64Array(list.length);
  for (let i = 0; i < out.length; i++) {
    const value: unknown = list[i];
    if (typeof value === 'number') out[i] = value;
    else {
      out[i] = NaN;
      if (value !== null) remark(`what is neither a number nor null in "${field}" counts as missing`);
    }
  }
  return out;
}
