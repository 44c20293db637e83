import { fieldErrors, jsonPointer } from '../api/field-errors.js';
import { sampleSeries, samplesRequest } from '../api/samples.js';
import type { PushedSeries } from '../api/samples.js';
import type { SampleBatch } from '../domain/sample.js';
import { malformedJson } from './body-parser-error.js';
import { tooFarAhead } from './clock-check.js';
import { RequestError } from './request-error.js';
import type { FieldProblem } from './request-error.js';
import { invalid, validate } from './validate.js';

const MOST_ERRORS = 20;

/** One pushed series and where it stands in the request. */
interface Placed {
  readonly series: PushedSeries;
  readonly pointer: string;
  readonly line?: number;
}

interface Context {
  /** Project of series that name none. */
  readonly project: string;
  readonly nowMs: number;
  readonly maxFutureMs: number;
  readonly samplesPerPush: number;
}

/**
 * Decodes a push of either kind into batches, points ascending and one a millisecond (the last one given counts).
 * @param body an object (JSON) or the text of an NDJSON body
 * @throws RequestError `malformed-body`, `body-too-large` or `invalid-request`, naming line and field; then nothing of it may be stored
 */
export function decodeSamples(body: unknown, context: Context): SampleBatch[] {
  const placed = typeof body === 'string' ? decodeLines(body) : decodeObject(body);
  refuseTooMany(placed, context.samplesPerPush);
  const problems = [...duplicates(placed, context.project), ...futureTimes(placed, context)];
  if (problems.length > 0) throw invalid(problems);
  return placed.map(({ series }) => toBatch(series, context.project));
}

function refuseTooMany(placed: readonly Placed[], most: number): void {
  const count = placed.reduce((sum, { series }) => sum + series.samples.length, 0);
  if (count <= most) return;
  throw new RequestError('body-too-large', `The push holds ${count} samples; send less at a time.`, {
    errors: [{ pointer: '/series', detail: `the limit is ${most} samples`, remedy: 'split the request' }],
  });
}

function decodeObject(body: unknown): Placed[] {
  return validate(samplesRequest, body, 'body').series.map((series, index) => ({
    series,
    pointer: `/series/${index}`,
  }));
}

function decodeLines(text: string): Placed[] {
  const placed: Placed[] = [];
  const problems: FieldProblem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || problems.length >= MOST_ERRORS) continue;
    const decoded = sampleSeries.safeParse(parseLine(line, index + 1));
    if (decoded.success) placed.push({ series: decoded.data, pointer: '', line: index + 1 });
    else
      problems.push(
        ...fieldErrors(decoded.error).map(({ path, ...rest }) => ({
          pointer: jsonPointer(path),
          line: index + 1,
          ...rest,
        })),
      );
  }
  if (problems.length > 0) throw invalid(problems);
  if (placed.length > 0) return placed;
  throw new RequestError('malformed-body', 'The body holds no series; send one JSON object a line.');
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw malformedJson(line, number);
  }
}

function duplicates(placed: readonly Placed[], project: string): FieldProblem[] {
  const firstByKey = new Map<string, Placed>();
  const problems: FieldProblem[] = [];
  for (const one of placed) {
    const labels = Object.entries(one.series.labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([one.series.project ?? project, one.series.metric, labels]);
    const first = firstByKey.get(key);
    if (first === undefined) firstByKey.set(key, one);
    else
      problems.push({
        ...place(one, ''),
        detail: `is the same series as ${nameOf(first)}`,
        remedy: 'send each series once, with all its samples',
      });
  }
  return problems;
}

function futureTimes(placed: readonly Placed[], { nowMs, maxFutureMs }: Context): FieldProblem[] {
  return placed.flatMap((one) => {
    const index = one.series.samples.findIndex(([timeMs]) => timeMs > nowMs + maxFutureMs);
    const timeMs = one.series.samples[index]?.[0];
    const problem =
      timeMs === undefined ? undefined : tooFarAhead(`/samples/${index}/0`, timeMs, nowMs, maxFutureMs);
    return problem === undefined ? [] : [{ ...problem, ...place(one, `/samples/${index}/0`) }];
  });
}

function place({ pointer, line }: Placed, below: string): Pick<FieldProblem, 'pointer' | 'line'> {
  return { pointer: `${pointer}${below}`, ...(line === undefined ? {} : { line }) };
}

function nameOf({ pointer, line }: Placed): string {
  return line === undefined ? pointer : `line ${line}`;
}

function toBatch(
  { project: given, metric, labels, type, unit, samples }: PushedSeries,
  project: string,
): SampleBatch {
  const points = ascendingOnce(samples);
  return {
    project: given ?? project,
    metric,
    labels,
    type,
    ...(unit === undefined ? {} : { unit }),
    timesMs: points.map(([timeMs]) => timeMs),
    values: points.map(([, value]) => value),
  };
}

function ascendingOnce(samples: PushedSeries['samples']): PushedSeries['samples'] {
  const isAscending = samples.every(
    ([timeMs], index) => index === 0 || timeMs > (samples[index - 1]?.[0] ?? timeMs),
  );
  if (isAscending) return samples;
  // A map keeps the last value given for a time; the sort is by time alone.
  return [...new Map(samples)].toSorted(([a], [b]) => a - b);
}
