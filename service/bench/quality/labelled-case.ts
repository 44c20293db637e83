import { createHash } from 'node:crypto';
import { isRecord } from '../../src/app/rehearse/is-record.js';

/** What is known of a case and shown to no method. */
export interface Truth {
  readonly set: string;
  /** As in the set; methods see a hash of it. */
  readonly id: string;
  /** Cases of one group are never split between parts or folds. */
  readonly group: string;
  readonly isBad: boolean;
  readonly changeAtSeconds: number;
  /** When the harm began, as labelled; the change where nobody said. */
  readonly onsetSeconds: number;
  /** Kind of moment of a harmless case. */
  readonly moment?: string;
  /** The canary served nothing, so that no comparison of metrics can find it. */
  readonly isSilent?: boolean;
  /** Metrics that are known to show the harm. */
  readonly faultyMetrics?: readonly string[];
}

/** A case as methods see it, and what they do not see. */
export interface LabelledCase {
  readonly truth: Truth;
  readonly blind: Readonly<Record<string, unknown>>;
}

/** A line of a set of cases that is no case; the message names the field. */
export class CaseError extends Error {
  override readonly name = 'CaseError';
}

/** All that a method may see of a case beside its metrics; whatever else a line holds may give its label away. */
const SEEN = ['change_at', 'interval_s', 'service', 'replicas', 'stages_complete_at', 'traffic_share'];
const SEEN_OF_METRICS = ['name', 'kind', 'role', 't', 'v', 'total'];
/** Hexadecimal digits of the hash that stands for the id. */
const ID_DIGITS = 16;

/**
 * Takes a line of labelled cases apart into what methods see and what only the scorer does.
 * @throws CaseError that names the field
 */
export function separate(set: string, value: unknown): LabelledCase {
  if (!isRecord(value)) throw new CaseError('is not an object; write one case a line');
  const { id, label, group, change_at: changeAt, metrics } = value;
  if (typeof id !== 'string') throw new CaseError('has no "id"; give each case one, as text');
  if (label !== 'bad' && label !== 'good') throw new CaseError('"label" is neither "bad" nor "good"');
  if (typeof changeAt !== 'number')
    throw new CaseError('"change_at" is not a number; give seconds since 1970');
  if (!Array.isArray(metrics)) throw new CaseError('"metrics" is not a list');
  const onset = value['onset_at'];
  const faulty = value['faulty_metrics'];
  return {
    truth: {
      set,
      id,
      group: typeof group === 'string' ? group : id,
      isBad: label === 'bad',
      changeAtSeconds: changeAt,
      onsetSeconds: typeof onset === 'number' ? onset : changeAt,
      ...(typeof value['moment'] === 'string' ? { moment: value['moment'] } : {}),
      ...(typeof value['no_canary_data'] === 'boolean' ? { isSilent: value['no_canary_data'] } : {}),
      ...(Array.isArray(faulty) ? { faultyMetrics: faulty.filter((name) => typeof name === 'string') } : {}),
    },
    blind: {
      id: opaque(id),
      ...picked(value, SEEN),
      metrics: metrics.filter(isRecord).map((metric) => picked(metric, SEEN_OF_METRICS)),
    },
  };
}

function opaque(id: string): string {
  return createHash('sha256').update(`case:${id}`).digest('hex').slice(0, ID_DIGITS);
}

function picked(value: Readonly<Record<string, unknown>>, names: readonly string[]) {
  return Object.fromEntries(
    names.flatMap((name) => (value[name] === undefined ? [] : [[name, value[name]]])),
  );
}
