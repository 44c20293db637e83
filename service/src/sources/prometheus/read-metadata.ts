import type { SeriesType } from '../../domain/sample.js';
import { AnswerTooLarge } from '../ask-in-pieces.js';
import { SourceError } from '../port.js';
import type { PrometheusClient } from './client.js';
import { object, UndecodableAnswer } from './decode.js';

/** Of a large server's metrics those of one service are asked for by name, which takes so many questions at most, */
const MOST_QUESTIONS = 400;
/** so many of them side by side. */
const SIDE_BY_SIDE = 8;

/** What exporters say of a metric. */
interface Known {
  readonly type?: SeriesType;
  readonly unit?: string;
  readonly help?: string;
}

export interface Metadata {
  readonly known: (metric: string) => Known;
  /** Metrics of which the server could not be asked. */
  readonly unread: number;
}

type ByName = Readonly<Record<string, unknown>>;

/**
 * What is known of these metrics: of all in one question, or one by one where the answer to that is too large to read. It only adds
 * to a list, and some servers keep none, so that failing to read it fails nothing.
 */
export async function readMetadata(client: PrometheusClient, metrics: readonly string[]): Promise<Metadata> {
  const distinct = [...new Set(metrics)];
  try {
    const byName = object(await client.get('metadata', 'Metadata of all metrics'));
    return { known: (metric) => knownOf(byName, metric), unread: 0 };
  } catch (error) {
    if (error instanceof AnswerTooLarge) return oneByOne(client, distinct);
    if (isExpected(error)) return { known: () => ({}), unread: distinct.length };
    throw error;
  }
}

async function oneByOne(client: PrometheusClient, metrics: readonly string[]): Promise<Metadata> {
  const names = [...new Set(metrics.flatMap((metric) => [familyOf(metric), metric]))];
  const asked = names.slice(0, MOST_QUESTIONS);
  const byName: Record<string, unknown> = {};
  const failed = new Set<string>(names.slice(MOST_QUESTIONS));
  for (let from = 0; from < asked.length; from += SIDE_BY_SIDE)
    await Promise.all(
      asked.slice(from, from + SIDE_BY_SIDE).map(async (name) => {
        try {
          const endpoint = `metadata?metric=${encodeURIComponent(name)}`;
          Object.assign(byName, object(await client.get(endpoint, `Metadata of ${name}`)));
        } catch (error) {
          if (!isExpected(error)) throw error;
          failed.add(name);
        }
      }),
    );
  const known = (metric: string): Known => knownOf(byName, metric);
  const isUnread = (metric: string): boolean =>
    known(metric).type === undefined && (failed.has(metric) || failed.has(familyOf(metric)));
  return { known, unread: metrics.filter(isUnread).length };
}

function isExpected(error: unknown): boolean {
  return (
    error instanceof SourceError || error instanceof AnswerTooLarge || error instanceof UndecodableAnswer
  );
}

/** The name that the parts of a histogram or summary, and the counters of OpenMetrics, are described under. */
function familyOf(metric: string): string {
  return metric.replace(/_(?:bucket|count|sum|total)$/, '');
}

function knownOf(byName: ByName, metric: string): Known {
  const name = [metric, familyOf(metric)].find((one) => Object.hasOwn(byName, one));
  const entry: unknown = name === undefined ? undefined : (byName[name] as readonly unknown[])[0];
  if (entry === undefined) return {};
  const { type, unit, help } = object(entry);
  const seriesType = typeOf(type, metric, name ?? '');
  return {
    ...(seriesType === undefined ? {} : { type: seriesType }),
    ...(typeof unit === 'string' && unit !== '' ? { unit } : {}),
    ...(typeof help === 'string' && help !== '' ? { help } : {}),
  };
}

function typeOf(type: unknown, metric: string, family: string): SeriesType | undefined {
  if (type === 'counter' || type === 'gauge') return type;
  if (type !== 'histogram' && type !== 'summary') return undefined;
  return metric === family ? 'gauge' : 'counter';
}
