import type { WireEnvironment } from '../calibration-api.js';
import { plain } from '../terminal/plain-text.js';
import { percent } from '../watch/numbers.js';

/** What a watch that begins now is tuned by, line by line. */
export function tuningLines(tuning: WireEnvironment['tuning']): readonly string[] {
  if (tuning === undefined) return ['Nothing: the policy switches it off (feedback: off).'];
  const { prior, weights, feedback, since } = tuning;
  return [
    prior.source === 'policy'
      ? `Prior of harm ${percent(prior.value)}, as the policy declares: no release was judged yet.`
      : `Prior of harm ${percent(prior.value)}: ${prior.harmful} of ${prior.releases} releases did harm (people spoke of ${prior.labelled}); the policy declares ${percent(prior.declared)}.`,
    ...weights.map(
      ({ metric, factor, useful, noise }) =>
        `"${plain(metric)}" gets ${Number(factor.toPrecision(2))} times its weight: useful ${useful}, noise ${noise}.`,
    ),
    ...(feedback.length === 0 ? [] : [`From feedback ${feedback.join(', ')}.`]),
    ...(since === undefined ? [] : [`Set back at ${since}; what came before does not count.`]),
    'α, limits and minimum effects are as the policy has them.',
  ];
}
