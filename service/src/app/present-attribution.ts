import type { VerdictAttribution } from '../domain/attribution.js';
import { instantText } from './instant-text.js';

/** Names of services that a verdict lists at most; how many there are stands beside them. */
const MOST_NAMES = 20;

/** Whose doing a shift is, as API, webhooks and report show it. */
export function presentAttribution({ onset, candidates, commonCause, ...same }: VerdictAttribution) {
  const [likeliest] = candidates;
  return {
    ...same,
    ...(likeliest === undefined ? {} : { likeliest }),
    candidates,
    ...(onset === undefined
      ? {}
      : {
          onset: {
            at: instantText(onset.atMs),
            from: instantText(onset.fromMs),
            to: instantText(onset.toMs),
            level: onset.level,
            beforeDeployment: onset.beforeDeployment,
          },
        }),
    commonCause: { ...commonCause, moved: commonCause.moved.slice(0, MOST_NAMES) },
  };
}
