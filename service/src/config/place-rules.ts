import type { PlaceLabel, PlaceRule, PlaceValue } from '../ingest/place-rules.js';
import type { Config } from './config-schema.js';

type Entry = Config['ingest']['rules'][number];
type Candidate = NonNullable<Entry['service']>[number];

const PARTS = [
  'project',
  'service',
  'environment',
  'version',
  'instance',
] as const satisfies readonly PlaceLabel[];

/** The rules of the configuration, their patterns made ready. */
export function placeRules(config: Config): readonly PlaceRule[] {
  return config.ingest.rules.map((entry) => {
    const given = PARTS.flatMap((part): [PlaceLabel, readonly PlaceValue[]][] => {
      const candidates = entry[part];
      return candidates === undefined ? [] : [[part, candidates.map(placeValue)]];
    });
    const match = new Map(Object.entries(entry.match).map(([label, text]) => [label, whole(text)]));
    return { match, drop: entry.drop, from: Object.fromEntries(given) };
  });
}

function placeValue(candidate: Candidate): PlaceValue {
  if (typeof candidate === 'string') return { label: candidate };
  if ('value' in candidate) return candidate;
  const { label, pattern } = candidate;
  return pattern === undefined ? { label } : { label, pattern: new RegExp(pattern, 'u') };
}

/** As in Prometheus: a pattern is for the whole value. */
function whole(text: string): RegExp {
  return new RegExp(`^(?:${text})$`, 'u');
}
