import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { fitTransform, forwardAll } from '../src/series/transform.js';

/** One series around one moment, on the transformed scale. */
export interface CaseWindow {
  readonly values: Float64Array;
  readonly at: number;
  readonly intervalsPerDay: number;
  readonly harmful: boolean;
  readonly group: string;
}

interface StoredCase {
  readonly label: 'bad' | 'good';
  readonly change_at: number;
  readonly interval_s: number;
  readonly group: string;
  readonly metrics: readonly {
    readonly role: string;
    readonly t: readonly number[];
    readonly v: readonly (number | null)[];
  }[];
}

const DAY_S = 86_400;
/** Intervals after the change that are read. */
const AFTER = 60;

function decode(line: string): CaseWindow | undefined {
  const stored = JSON.parse(line) as StoredCase;
  const metric = stored.metrics.find(({ role }) => role === 'treatment');
  const start = metric?.t[0];
  if (metric === undefined || start === undefined) return undefined;
  const at = Math.floor((stored.change_at - start) / stored.interval_s);
  const values = new Float64Array(at + AFTER).fill(NaN);
  metric.t.forEach((time, index) => {
    const place = Math.floor((time - start) / stored.interval_s);
    if (place < values.length) values[place] = metric.v[index] ?? NaN;
  });
  const transform = fitTransform(values.subarray(0, at), 1);
  if (transform === undefined) return undefined;
  return {
    values: forwardAll(transform, values),
    at,
    intervalsPerDay: Math.round(DAY_S / stored.interval_s),
    harmful: stored.label === 'bad',
    group: stored.group,
  };
}

/** Reads a set of labelled cases with one metric each: `<folder>/cases.jsonl.gz`, one JSON object a line. */
export async function* readCases(folder: string): AsyncGenerator<CaseWindow> {
  const lines = createInterface({
    input: createReadStream(join(folder, 'cases.jsonl.gz')).pipe(createGunzip()),
  });
  for await (const line of lines) {
    const window = line === '' ? undefined : decode(line);
    if (window !== undefined) yield window;
  }
}
